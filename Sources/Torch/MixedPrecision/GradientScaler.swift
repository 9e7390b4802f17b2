/// Keeps float16 gradients from vanishing or overflowing, as PyTorch's `torch.amp.GradScaler`.
///
/// The loss is multiplied by a large number before backward and the gradients are divided by it
/// after. When some gradient is infinite or no number, the step is skipped and the scale shrinks; after
/// ``State/growthInterval`` good steps in a row it grows (Micikevicius et al. 2018, "Mixed Precision
/// Training").
///
/// ```swift
/// let loss = try withAutocast(.float16, device: .cpu) { crossEntropy(try model(x), y) }
/// try scaler.scale(loss).backward()
/// try scaler.unscale(optimizer)   // only to clip or look at gradients
/// try scaler.step(optimizer)
/// try scaler.update()
/// ```
///
/// With data parallelism every rank decides alike without asking the others: an infinite or undefined
/// gradient of one rank makes the average so on all.
public final class GradientScaler {
  private var configuration: State
  private var tensors: (scale: Tensor, growthTracker: Tensor)?
  private var stages: [ObjectIdentifier: Stage] = [:]

  /// How far an optimizer has come since the last ``update()``, and what was found in its gradients:
  /// a number on each device that is not 0 if some gradient is not finite.
  private enum Stage {
    case unscaled([Tensor])
    case stepped([Tensor])
  }

  /// Creates a scaler that starts from a state; the default one is PyTorch's.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` for factors that do not grow or do not
  ///   shrink.
  public init(_ state: State = State()) throws(TorchError) {
    try state.validate()
    configuration = state
  }

  /// The number that losses are multiplied by.
  ///
  /// On a GPU this waits for everything that was started before.
  public var scale: Double { tensors?.scale.item ?? configuration.scale }

  /// Everything that a snapshot needs, between an ``update()`` and the next ``scale(_:)``.
  public var state: State {
    var state = configuration
    if let tensors {
      state.scale = tensors.scale.item
      state.growthTracker = Int(tensors.growthTracker.item)
    }
    return state
  }

  /// Goes on from a state.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` for factors that do not grow or do not
  ///   shrink; nothing has changed then.
  public func load(_ state: State) throws(TorchError) {
    try state.validate()
    configuration = state
    tensors = nil
    stages = [:]
  }

  /// Returns the loss, multiplied by the scale.
  public func scale(_ loss: Tensor) -> Tensor {
    loss * tensors(on: loss.device).scale.moved(to: loss.device)
  }

  /// Divides the gradients of an optimizer's parameters by the scale, in place.
  ///
  /// For those who clip or look at gradients between backward and ``step(_:)``, which does it
  /// otherwise.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if it was done since the last ``update()``,
  ///   or if gradients are float16: keep parameters in float32 and let autocast convert.
  public func unscale(_ optimizer: any Optimizer) throws(TorchError) {
    switch stages[ObjectIdentifier(optimizer)] {
    case nil: break
    case .unscaled:
      throw misuse("unscale(_:) was called twice for an optimizer: call update() between")
    case .stepped:
      throw misuse("unscale(_:) was called after step(_:): call update() between")
    }
    let gradients = optimizer.groups.flatMap { $0.parameters.compactMap(\.grad) }
    guard !gradients.isEmpty else {
      throw misuse("no parameter of the optimizer has a gradient: call backward() first")
    }
    guard !gradients.contains(where: { $0.dtype == .float16 }) else {
      throw misuse(
        "gradients are float16, which cannot be unscaled safely: keep the model's parameters in "
          + "float32 and let withAutocast convert them")
    }
    guard let scale = tensors?.scale else {
      throw misuse("no loss was scaled: call backward() on scale(loss)")
    }
    let inverse = reciprocal.tensor(.tensor(scale.converted(to: .float64)))
      .converted(to: .float32)
    var found: [Device: Tensor] = [:]
    withoutGradients {
      for (kind, group) in grouped(gradients) {
        let notFinite = found[kind.device] ?? Tensor(zeros: [], device: kind.device)
        found[kind.device] = notFinite
        checkAndUnscale.run(
          .tensors(group), .tensor(notFinite), .tensor(inverse.moved(to: kind.device)))
      }
    }
    stages[ObjectIdentifier(optimizer)] = .unscaled(Array(found.values))
  }

  /// Updates an optimizer's parameters, unless some gradient is infinite or no number.
  ///
  /// On a GPU this waits for the gradients, as it has to know.
  ///
  /// - Returns: Whether the step was made.
  /// - Throws: ``TorchError`` with code `invalidArgument` if it was called twice since the last
  ///   ``update()``, or as ``unscale(_:)`` does.
  @discardableResult
  public func step(_ optimizer: any Optimizer) throws(TorchError) -> Bool {
    let key = ObjectIdentifier(optimizer)
    if case .stepped = stages[key] {
      throw misuse("step(_:) was called twice for an optimizer: call update() between")
    }
    if stages[key] == nil { try unscale(optimizer) }
    guard case .unscaled(let found) = stages[key] else {
      preconditionFailure("an optimizer that was unscaled is in another stage")
    }
    let isFinite = found.allSatisfy { $0.item == 0 }
    if isFinite { optimizer.step() }
    stages[key] = .stepped(found)
    return isFinite
  }

  /// Shrinks the scale if a step was skipped, and grows it after enough steps that were not.
  ///
  /// Call it once, when all optimizers have made their steps.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if no optimizer has made one.
  public func update() throws(TorchError) {
    let found = stages.values.flatMap { stage in
      switch stage {
      case .unscaled(let found), .stepped(let found): found
      }
    }
    guard let first = found.first else {
      throw misuse("update() was called before step(_:): there is nothing to go by")
    }
    let (scale, growthTracker) = tensors(on: first.device)
    withoutGradients {
      let sum = found.dropFirst().reduce(first.moved(to: scale.device)) {
        $0 + $1.moved(to: scale.device)
      }
      updateScale.run(
        .tensor(scale), .tensor(growthTracker), .tensor(sum), .double(configuration.growthFactor),
        .double(configuration.backoffFactor), .int(configuration.growthInterval))
    }
    stages = [:]
  }

  /// The scale and the counter where the losses are, from the first use on.
  private func tensors(on device: Device) -> (scale: Tensor, growthTracker: Tensor) {
    if let tensors { return tensors }
    let made = (
      scale: Tensor(repeating: configuration.scale, shape: [], device: device),
      growthTracker: Tensor(
        repeating: Double(configuration.growthTracker), shape: [], dtype: .int32, device: device)
    )
    tensors = made
    return made
  }

  private func misuse(_ message: String) -> TorchError { TorchError(.invalidArgument, message) }
}

private let reciprocal = Operator("aten::reciprocal")
private let checkAndUnscale = Operator("aten::_amp_foreach_non_finite_check_and_unscale_")
private let updateScale = Operator("aten::_amp_update_scale_")
