internal import CTorch
internal import Glibc
internal import Synchronization

/// A closure that runs each time the gradient of a leaf has been accumulated.
///
/// Data parallelism starts its communication from such hooks while backward still runs. The hook
/// is removed when its object goes away. It keeps the leaf's `AccumulateGrad` node alive: libtorch
/// makes that node anew when nobody holds it, and a hook on the old one never fires.
public final class GradientHook {
  private let body: CallbackBody
  private var handle: ct_gradient_hook?

  /// Adds a hook.
  ///
  /// - Parameters:
  ///   - leaf: A tensor that requires a gradient and was not made by a recorded operator.
  ///   - body: Runs on the thread that runs backward. An error that it throws ends the backward
  ///     pass, which throws it.
  public init(on leaf: Tensor, _ body: @escaping () throws -> Void) {
    self.body = CallbackBody(body)
    let context = Unmanaged.passUnretained(self.body).toOpaque()
    check(
      ct_gradient_hook_add(
        leaf.handle, context,
        { context in
          guard let context else { return nil }
          return Unmanaged<CallbackBody>.fromOpaque(context).takeUnretainedValue().run()
        }, &handle),
      "gradient hook on \(leaf.summary)")
  }

  /// Wants the leaf's next gradient at a place in memory; ``Tensor/grad`` is then that place.
  ///
  /// Operators that can do it compute the gradient right there (Megatron-LM calls that gradient accumulation
  /// fusion): ``Linear``, ``Embedding`` and the norms of packed sequences, in float32 on the CPU. All others, and
  /// a leaf that has a gradient already, leave it elsewhere. An offer holds until it is taken or replaced, or the
  /// hook goes.
  ///
  /// - Parameter place: Contiguous, of the leaf's shape, type and device, or the program ends with what is wrong;
  ///   it is overwritten.
  public func offer(_ place: Tensor) {
    guard let handle else { return }
    check(ct_gradient_hook_set_buffer(handle, place.handle), "a place for a gradient: \(place.summary)")
  }

  deinit {
    if let handle { ct_gradient_hook_remove(handle) }
  }
}

/// Runs `body` once, at the end of the backward pass that runs on this thread: of the outermost, if
/// backward functions run passes of their own.
///
/// Only from inside a ``GradientHook``.
///
/// - Parameter body: An error that it throws is thrown by that backward pass.
public func atEndOfBackward(_ body: @escaping () throws -> Void) {
  if BackwardEnds.postpone(body) { return }
  let context = Unmanaged.passRetained(CallbackBody(body)).toOpaque()
  let error = ct_backward_queue_callback(context) { context in
    guard let context else { return nil }
    return Unmanaged<CallbackBody>.fromOpaque(context).takeRetainedValue().run()
  }
  check(error, "atEndOfBackward")
}

/// A closure on its way through libtorch.
private final class CallbackBody {
  private let body: () throws -> Void

  init(_ body: @escaping () throws -> Void) { self.body = body }

  /// Runs the closure; an error becomes a message with a number, under which `backward` finds it.
  func run() -> ct_error? {
    do {
      try body()
      return nil
    } catch {
      return strdup(HookErrors.put(error))
    }
  }
}

/// Swift errors that are on their way through libtorch, which carries only text.
enum HookErrors {
  private static let marker = "lockstep hook error "
  private static let waiting = Mutex<(next: Int, errors: [Int: any Error])>((0, [:]))

  static func put(_ error: any Error) -> String {
    let number = waiting.withLock { state in
      state.next += 1
      state.errors[state.next] = error
      return state.next
    }
    return "\(marker)\(number): \(error)"
  }

  static func take(from message: String) -> (any Error)? {
    let words = message.split(separator: marker, maxSplits: 1)
    guard message.contains(marker), let last = words.last,
      let number = Int(last.prefix { $0.isNumber })
    else { return nil }
    return waiting.withLock { $0.errors.removeValue(forKey: number) }
  }
}
