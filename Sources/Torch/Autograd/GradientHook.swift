internal import CTorch
internal import Glibc
internal import Synchronization

/// A closure that runs after each accumulation of a leaf's gradient.
///
/// Data parallelism starts communication from such hooks while backward is running. Deinitializing
/// the object removes the hook. The hook retains the leaf's `AccumulateGrad` node: libtorch
/// recreates a node without other references, and a hook on the old node never runs.
public final class GradientHook {
  private let body: CallbackBody
  private var handle: ct_gradient_hook?

  /// Adds a hook.
  ///
  /// - Parameters:
  ///   - leaf: A tensor that requires a gradient and is not the result of a recorded operator.
  ///   - body: Runs on the thread that runs backward. If it throws, the backward pass ends and
  ///     throws that error.
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

  /// Asks autograd to write the leaf's next gradient directly into `buffer`.
  ///
  /// ``Tensor/grad`` then shares memory with `buffer`. Megatron-LM calls this gradient accumulation
  /// fusion. ``Linear``, ``Embedding`` and the layer norms of packed sequences support it, in
  /// float32 on the CPU. Other operators ignore the buffer. It is also ignored while the leaf
  /// already has a gradient. The request ends when a gradient is written into the buffer, another
  /// buffer is set, or the hook is removed.
  ///
  /// - Parameter buffer: The tensor to overwrite, contiguous and of the leaf's shape, type and
  ///   device. Any other tensor counts as a failed operator.
  public func setBuffer(_ buffer: Tensor) {
    guard let handle else { return }
    check(ct_gradient_hook_set_buffer(handle, buffer.handle), "gradient buffer \(buffer.summary)")
  }

  deinit {
    if let handle { ct_gradient_hook_remove(handle) }
  }
}

/// Runs `body` once, at the end of the current backward pass of this thread.
///
/// If backward functions run nested passes, `body` runs at the end of the outermost pass. Call this
/// function only from a ``GradientHook``.
///
/// - Parameter body: The backward pass throws its errors.
public func atEndOfBackward(_ body: @escaping () throws -> Void) {
  if BackwardCallbacks.deferIfNested(body) { return }
  let context = Unmanaged.passRetained(CallbackBody(body)).toOpaque()
  let error = ct_backward_queue_callback(context) { context in
    guard let context else { return nil }
    return Unmanaged<CallbackBody>.fromOpaque(context).takeRetainedValue().run()
  }
  check(error, "atEndOfBackward")
}

/// A closure that libtorch calls.
private final class CallbackBody {
  private let body: () throws -> Void

  init(_ body: @escaping () throws -> Void) { self.body = body }

  /// Runs the closure.
  ///
  /// Stores an error in ``HookErrors`` and returns a message with its identifier. `backward` then
  /// finds the error by its identifier, and throws it.
  func run() -> ct_error? {
    do {
      try body()
      return nil
    } catch {
      return strdup(HookErrors.store(error))
    }
  }
}

/// Swift errors that pass through libtorch, which propagates only their text.
enum HookErrors {
  private static let marker = "lockstep hook error "
  private static let pending = Mutex<(lastID: Int, errors: [Int: any Error])>((0, [:]))

  /// Stores an error and returns a message that identifies it.
  static func store(_ error: any Error) -> String {
    let id = pending.withLock { state in
      state.lastID += 1
      state.errors[state.lastID] = error
      return state.lastID
    }
    return "\(marker)\(id): \(error)"
  }

  /// Removes and returns the error that a message of libtorch contains; `nil` if it contains none.
  static func take(from message: String) -> (any Error)? {
    let words = message.split(separator: marker, maxSplits: 1)
    guard message.contains(marker), let last = words.last,
      let id = Int(last.prefix { $0.isNumber })
    else { return nil }
    return pending.withLock { $0.errors.removeValue(forKey: id) }
  }
}
