extension BatchNorm {
  /// Normalises with the statistics of all ranks' batches, which may differ in size or be empty.
  ///
  /// One sum over the ranks of 2 channels + 1 numbers; one of 2 channels in backward. With n samples
  /// in all, x̂ = (x - μ) / σ and incoming gradient g:
  /// ∂x = (w / σ) (g - Σg / n - x̂ Σ(g x̂) / n), ∂w = Σ(g x̂), ∂b = Σg; the last two are of this rank
  /// alone, because data parallelism averages them.
  func forward(_ input: Tensor, _ sumOverRanks: @escaping (Tensor) throws -> Void) -> Tensor {
    let channels = input.shape[1]
    let shape = [1, channels] + Array(repeating: 1, count: input.ndim - 2)
    let others = [0] + Array(2..<input.ndim)
    func first(_ sums: Tensor) -> Tensor { sums.narrowed(along: 0, to: 0..<channels) }
    func second(_ sums: Tensor) -> Tensor { sums.narrowed(along: 0, to: channels..<2 * channels) }

    var count = 0.0
    let (mean, scale) = withoutGradients { () -> (Tensor, Tensor) in
      // In float64, because the variance is a difference.
      let x = input.detached().converted(to: .float64)
      let local = Tensor([Double(input.count / max(channels, 1))]).moved(to: input.device)
      let sums = Tensor.concatenate([x.sum(along: others), (x * x).sum(along: others), local])
      do {
        try sumOverRanks(sums)
      } catch {
        operatorFailed("BatchNorm over ranks", input.summary, "\(error)")
      }
      count = sums.selected(along: 0, at: 2 * channels).item
      let mean = first(sums) / count
      let variance = second(sums) / count - mean * mean
      remember(mean, in: runningMean)
      remember(variance * (count / max(count - 1, 1)), in: runningVariance)
      let scale = (variance + epsilon).reciprocalSquareRoot()
      return (
        mean.converted(to: input.dtype).reshaped(shape),
        scale.converted(to: input.dtype).reshaped(shape)
      )
    }

    let samples = count
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

  private func remember(_ new: Tensor, in running: Tensor) {
    running.scale(by: 1 - momentum)
    running.add(new.converted(to: running.dtype), scaledBy: momentum)
  }
}
