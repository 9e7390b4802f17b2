extension BatchNorm {
  /// Normalizes with the statistics of all ranks' batches, which may differ in size or be empty.
  ///
  /// With C channels, forward sums 2 C + 1 elements over the ranks, and backward sums 2 C. With n
  /// samples over all ranks, x̂ = (x - μ) / σ and incoming gradient g:
  /// ∂x = (w / σ) (g - Σg / n - x̂ Σ(g x̂) / n), ∂w = Σ(g x̂), ∂b = Σg. ∂w and ∂b are sums over
  /// this rank only, because data parallelism averages them.
  ///
  /// Whether the batch can be normalized depends on the sum of the sizes, so that all ranks decide
  /// alike and none waits for another. As in PyTorch, a batch without samples changes no
  /// statistics.
  ///
  /// - Throws: The error of `sumOverRanks`; buffers are then unchanged. Its error in
  ///   backward is thrown by ``Tensor/backward(gradient:retainGraph:)``.
  func forward(
    _ input: Tensor, _ sumOverRanks: @escaping (Tensor) throws -> Void
  ) throws -> Tensor {
    let channels = input.shape[1]
    let shape = [1, channels] + Array(repeating: 1, count: input.ndim - 2)
    let others = [0] + Array(2..<input.ndim)
    func first(_ sums: Tensor) -> Tensor { sums.narrowed(along: 0, to: 0..<channels) }
    func second(_ sums: Tensor) -> Tensor { sums.narrowed(along: 0, to: channels..<2 * channels) }

    var count = 0.0
    let statistics = try withoutGradients { () throws -> (mean: Tensor, scale: Tensor)? in
      // In float64, because the variance is a difference of similar values.
      let x = input.detached().converted(to: .float64)
      let local = Tensor([Double(input.count / max(channels, 1))]).moved(to: input.device)
      let sums = Tensor.concatenate([x.sum(along: others), (x * x).sum(along: others), local])
      try sumOverRanks(sums)
      count = sums.selected(along: 0, at: 2 * channels).item
      guard isNormalizable(input, valuesPerChannel: Int(count)) else { return nil }
      batchCount.add(Tensor(1 as Int64))
      let mean = first(sums) / max(count, 1)
      let variance = second(sums) / max(count, 1) - mean * mean
      if count > 0 {
        update(runningMean, with: mean)
        update(runningVariance, with: variance * (count / (count - 1)))
      }
      let scale = (variance + epsilon).reciprocalSquareRoot()
      return (
        mean.converted(to: input.dtype).reshaped(shape),
        scale.converted(to: input.dtype).reshaped(shape)
      )
    }

    guard let (mean, scale) = statistics else { return Tensor(owning: nil) }
    let samples = max(count, 1)
    let weight = weight
    return Tensor.function(of: [input, weight, bias]) {
      (input - mean) * scale * weight.reshaped(shape) + bias.reshaped(shape)
    } backward: { gradient in
      let normalized = (input.detached() - mean) * scale
      let biasGradient = gradient.sum(along: others)
      let weightGradient = (gradient * normalized).sum(along: others)
      let sums = Tensor.concatenate([biasGradient, weightGradient])
      try sumOverRanks(sums)
      sums.divide(by: samples)
      let inputGradient =
        (gradient - first(sums).reshaped(shape) - normalized * second(sums).reshaped(shape))
        * (scale * weight.detached().reshaped(shape))
      return [inputGradient, weightGradient, biasGradient]
    }
  }

  private func update(_ running: Tensor, with batch: Tensor) {
    running.scale(by: 1 - momentum)
    running.add(batch.converted(to: running.dtype), scaledBy: momentum)
  }
}
