/// Prevents underflow and overflow of float16 gradients, like PyTorch's `torch.amp.GradScaler`.
///
/// The scaler multiplies the loss by a large scale before backward, and divides the gradients by it
/// afterwards. If a gradient is infinite or NaN, it skips the step and reduces the scale. After
/// ``State/growthInterval`` consecutive steps without a skip, it increases the scale (Micikevicius
/// et al. 2018, "Mixed Precision Training").
///
/// ```swift
/// let loss = try withAutocast(.float16, device: .cpu) { crossEntropy(try model(x), y) }
/// try scaler.scale(loss).backward()
/// try scaler.unscale(optimizer)   // Only to clip or inspect gradients.
/// try scaler.step(optimizer)
/// try scaler.update()
/// ```
///
/// With data parallelism all ranks make the same decision without communication: a gradient that is
/// infinite or NaN on one rank makes the average infinite or NaN on all ranks.
public final class GradientScaler {
  private var configuration: State
  private var tensors: (scale: Tensor, growthTracker: Tensor)?
  private var stages: [ObjectIdentifier: Stage] = [:]

  /// The progress of an optimizer since the last ``update()``.
  ///
  /// The tensors, one per device, are nonzero if a gradient is not finite.
  private enum Stage {
    case unscaled([Tensor])
    case stepped([Tensor])
  }

  /// Creates a scaler with a state; the default state is that of PyTorch.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if the state is invalid, such as a growth
  ///   factor that is not greater than 1.
  public init(_ state: State = State()) throws(TorchError) {
    try state.validate()
    configuration = state
  }

  /// The factor by which losses are multiplied.
  ///
  /// On a GPU, this waits for all queued work.
  public var scale: Double { tensors?.scale.item ?? configuration.scale }

  /// The state to save in a snapshot, between an ``update()`` and the next ``scale(_:)``.
  public var state: State {
    var state = configuration
    if let tensors {
      state.scale = tensors.scale.item
      state.growthTracker = Int(tensors.growthTracker.item)
    }
    return state
  }

  /// Restores a state.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if the state is invalid. The scaler is
  ///   then unchanged.
  public func load(_ state: State) throws(TorchError) {
    try state.validate()
    configuration = state
    tensors = nil
    stages = [:]
  }

  /// Returns the loss, multiplied by the scale.
  public func scale(_ loss: Tensor) -> Tensor {
    loss * tensors(on: loss.device).scale.to(loss.device)
  }

  /// Divides the gradients of an optimizer's parameters by the scale, in place.
  ///
  /// Call it only to clip or inspect gradients before ``step(_:)``, which otherwise calls it.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if the gradients were unscaled since the
  ///   last ``update()``, no loss was scaled, there are no gradients, or gradients are float16:
  ///   keep parameters in float32 and let autocast convert them.
  public func unscale(_ optimizer: any Optimizer) throws(TorchError) {
    switch stages[ObjectIdentifier(optimizer)] {
    case nil: break
    case .unscaled:
      throw misuse("unscale(_:) was called twice for an optimizer: call update() in between")
    case .stepped:
      throw misuse("unscale(_:) was called after step(_:): call update() in between")
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
    let inverse = reciprocalOp.tensor(.tensor(scale.to(.float64)))
      .to(.float32)
    var found: [Device: Tensor] = [:]
    noGrad {
      for (kind, group) in grouped(gradients) {
        let notFinite = found[kind.device] ?? Tensor.zeros([], device: kind.device)
        found[kind.device] = notFinite
        checkAndUnscale.run(
          .tensors(group), .tensor(notFinite), .tensor(inverse.to(kind.device)))
      }
    }
    stages[ObjectIdentifier(optimizer)] = .unscaled(Array(found.values))
  }

  /// Updates the optimizer's parameters, unless a gradient is infinite or NaN.
  ///
  /// On a GPU, this waits for the gradients.
  ///
  /// - Returns: Whether the parameters were updated.
  /// - Throws: ``TorchError`` with code `invalidArgument` if it was called twice since the last
  ///   ``update()``, and the errors of ``unscale(_:)`` and ``Optimizer/step()``.
  @discardableResult
  public func step(_ optimizer: any Optimizer) throws -> Bool {
    let key = ObjectIdentifier(optimizer)
    if case .stepped = stages[key] {
      throw misuse("step(_:) was called twice for an optimizer: call update() in between")
    }
    if stages[key] == nil { try unscale(optimizer) }
    guard case .unscaled(let found) = stages[key] else {
      preconditionFailure("an unscaled optimizer is not in the stage `unscaled`")
    }
    let isFinite = found.allSatisfy { $0.item == 0 }
    if isFinite { try optimizer.step() }
    stages[key] = .stepped(found)
    return isFinite
  }

  /// Reduces the scale if a step was skipped, or increases it after enough steps without a skip.
  ///
  /// Call it once per iteration, after the steps of all optimizers.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` if gradients were neither unscaled nor
  ///   used in a step since the last call.
  public func update() throws(TorchError) {
    let found = stages.values.flatMap { stage in
      switch stage {
      case .unscaled(let found), .stepped(let found): found
      }
    }
    guard let first = found.first else {
      throw misuse("update() was called before step(_:): call step(_:) for each optimizer first")
    }
    let (scale, growthTracker) = tensors(on: first.device)
    noGrad {
      let sum = found.dropFirst().reduce(first.to(scale.device)) {
        $0 + $1.to(scale.device)
      }
      updateScale.run(
        .tensor(scale), .tensor(growthTracker), .tensor(sum), .double(configuration.growthFactor),
        .double(configuration.backoffFactor), .int(configuration.growthInterval))
    }
    stages = [:]
  }

  /// The scale and the growth tracker as tensors, created on `device` at the first use.
  private func tensors(on device: Device) -> (scale: Tensor, growthTracker: Tensor) {
    if let tensors { return tensors }
    let created = (
      scale: Tensor.full([], configuration.scale, device: device),
      growthTracker: Tensor.full(
        [], Double(configuration.growthTracker), dtype: .int32, device: device)
    )
    tensors = created
    return created
  }

  private func misuse(_ message: String) -> TorchError { TorchError(.invalidArgument, message) }
}

private let reciprocalOp = Operator("aten::reciprocal")
private let checkAndUnscale = Operator("aten::_amp_foreach_non_finite_check_and_unscale_")
private let updateScale = Operator("aten::_amp_update_scale_")
