internal import Collectives
internal import DataParallel
internal import Torch
internal import Worker

extension Trainer {
  /// Runs one optimizer step on several batches.
  ///
  /// - Parameters:
  ///   - sizes: The number of samples in each batch.
  ///   - next: Returns the next batch; `nil` at the end of the data.
  ///   - now: The progress before the step.
  ///   - loss: The loss of a batch.
  /// - Returns: The step, whose loss may still be computed by a GPU.
  /// - Throws: The errors of `next`, `loss` and the optimizer.
  func runStep<Batch, Loss: TrainingLoss>(
    _ sizes: [Int], _ next: () throws -> Batch?, _ now: TrainingProgress,
    _ loss: (DistributedDataParallel<Model>, Batch) throws -> Loss
  ) throws -> PendingStep {
    phases = StepPhases()
    optimizer.zeroGrad()
    let samples = sizes.reduce(0, +)
    var losses: [Tensor] = []
    var weights = StepWeights()
    for (index, size) in sizes.enumerated() {
      guard let batch = try measure("batch", { try timed(\.data, next) }) else {
        preconditionFailure("the loader ended \(sizes.count - index) batches early")
      }
      let isLast = index == sizes.count - 1
      func run() throws -> Tensor {
        let value = try timed(\.forward) {
          try options.precision.run(on: device) { try loss(model, batch) }
        }
        return try backward(value, size, of: samples, &weights, isLast: isLast, step: now.step)
      }
      losses.append(try isLast ? run() : model.noSync { try run() })
    }
    let rate = optimizer.groups.first?.learningRate ?? 0
    let (norm, tookStep) = try measure("optimizer") { try timed(\.update, update) }
    if tookStep { schedule?.step() }
    return PendingStep(
      TrainingStep(
        step: now.step, epoch: now.epoch, loss: .nan, samples: samples, weight: weights.sum,
        learningRate: rate, gradientNorm: nil, wasSkipped: !tookStep, duration: .zero,
        phases: phases),
      losses: losses, weights: weights.values, isWeighted: weights.isStated, norm: norm)
  }

  /// Accumulates the gradients of one batch and returns its detached mean loss.
  private func backward(
    _ loss: some TrainingLoss, _ size: Int, of samples: Int, _ weights: inout StepWeights,
    isLast: Bool, step: Int
  ) throws -> Tensor {
    switch loss.contribution {
    case .mean(let value):
      // Weighted by its size, a batch contributes as it would to one large batch.
      weights.append(samples: size)
      try backward(value, times: Double(size) / Double(samples))
      return value.detach()
    case .sum(let sum, let weight):
      let isFirst = weights.values.isEmpty
      weights.append(weight)
      var factor = 1 / weights.divisor
      if isLast {
        let total = try weights.total(over: model.group, step: step)
        // The gradients are averaged over the ranks, which divides their sum by the world size.
        factor = Double(model.group.worldSize) / total
        if !isFirst { scaleGradients(by: factor * weights.divisor) }
      }
      try backward(sum, times: factor)
      return weight > 0 ? sum.detach() / weight : sum.detach()
    }
  }

  private func backward(_ loss: Tensor, times factor: Double) throws {
    let scaled = factor == 1 ? loss : loss * factor
    try timed(\.backward) { try (scaler?.scale(scaled) ?? scaled).backward() }
  }

  /// Multiplies the gradients that this rank has accumulated, in place.
  private func scaleGradients(by factor: Double) {
    noGrad {
      for parameter in optimizer.groups.flatMap(\.parameters) { _ = parameter.grad?.mul_(factor) }
    }
  }

  private func timed<Result>(
    _ phase: WritableKeyPath<StepPhases, Duration>, _ body: () throws -> Result
  ) rethrows -> Result {
    let start = ContinuousClock.now
    defer { phases[keyPath: phase] += ContinuousClock.now - start }
    return try body()
  }

  /// Clips the gradients and runs the optimizer.
  ///
  /// Returns the gradient norm, if the options request it, and whether the optimizer took a step.
  private func update() throws -> (norm: Tensor?, tookStep: Bool) {
    try scaler?.unscale(optimizer)
    let parameters = optimizer.groups.flatMap(\.parameters)
    guard let scaler else {
      let clipping = try options.maxGradientNorm.map { try clippingFactor(of: parameters, to: $0) }
      if let factor = clipping?.factor {
        try optimizer.step(scalingGradientsBy: factor)
      } else {
        try optimizer.step()
      }
      return (clipping?.norm, true)
    }
    let norm = try options.maxGradientNorm.map { try clipGradNorm(parameters, $0) }
    let tookStep = try scaler.step(optimizer)
    try scaler.update()
    return (norm, tookStep)
  }

  /// Runs a part of a step and records it in the trace, if there is one.
  private func measure<Result>(_ name: String, _ body: () throws -> Result) throws -> Result {
    try trace.measure(name, body)
  }
}
