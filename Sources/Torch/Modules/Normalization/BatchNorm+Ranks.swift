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
  ///   backward is thrown by ``Tensor/backward(gradient:retainGraph:createGraph:)``.
  func forward(
    _ input: Tensor, _ sumOverRanks: @escaping (Tensor) throws -> Void
  ) throws -> Tensor {
    let channels = input.shape[1]
    let shape = [1, channels] + Array(repeating: 1, count: input.ndim - 2)
    let others = [0] + Array(2..<input.ndim)
    func first(_ sums: Tensor) -> Tensor { sums.narrow(dim: 0, start: 0, length: channels) }
    func second(_ sums: Tensor) -> Tensor { sums.narrow(dim: 0, start: channels, length: channels) }

    var count = 0.0
    let statistics = try noGrad { () throws -> (mean: Tensor, scale: Tensor)? in
      // In float64, because the variance is a difference of similar values.
      let x = input.detach().to(.float64)
      let local = Tensor([Double(input.count / max(channels, 1))]).to(input.device)
      let sums = Tensor.cat([x.sum(dim: others), (x * x).sum(dim: others), local])
      try sumOverRanks(sums)
      count = sums.select(dim: 0, index: 2 * channels).item
      guard isNormalizable(input, valuesPerChannel: Int(count)) else { return nil }
      countBatch()
      let mean = first(sums) / max(count, 1)
      let variance = second(sums) / max(count, 1) - mean * mean
      if count > 0 {
        update(runningMean, with: mean)
        update(runningVar, with: variance * (count / (count - 1)))
      }
      let scale = (variance + eps).rsqrt()
      return (mean.to(input.dtype).reshape(shape), scale.to(input.dtype).reshape(shape))
    }

    guard let (mean, scale) = statistics else { return Tensor(owning: nil) }
    let samples = max(count, 1)
    let weight = weight
    let bias = bias
    return Tensor.function(of: [input] + [weight, bias].compactMap { $0 }) {
      var output = (input - mean) * scale
      if let weight { output = output * weight.reshape(shape) }
      if let bias { output = output + bias.reshape(shape) }
      return output
    } backward: { gradient in
      let normalized = (input.detach() - mean) * scale
      let biasGradient = gradient.sum(dim: others)
      let weightGradient = (gradient * normalized).sum(dim: others)
      let sums = Tensor.cat([biasGradient, weightGradient])
      try sumOverRanks(sums)
      sums.div_(samples)
      let factor = weight.map { scale * $0.detach().reshape(shape) } ?? scale
      let inputGradient =
        (gradient - first(sums).reshape(shape) - normalized * second(sums).reshape(shape)) * factor
      return [inputGradient] + (weight == nil ? [] : [weightGradient])
        + (bias == nil ? [] : [biasGradient])
    }
  }

  private func update(_ running: Tensor?, with batch: Tensor) {
    guard let running else { return }
    let factor = averageFactor
    running.mul_(1 - factor)
    running.add_(batch.to(running.dtype), alpha: factor)
  }
}
