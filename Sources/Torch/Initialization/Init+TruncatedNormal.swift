internal import Foundation
internal import Support

extension Init {
  /// Fills a tensor with draws from a normal distribution, without those outside of [a, b].
  ///
  /// PyTorch: `torch.nn.init.trunc_normal_`. If [a, b] holds most of the distribution, draws
  /// outside of it are repeated; otherwise uniform draws are accepted with the probability that the
  /// density gives.
  ///
  /// - Precondition: `a` is less than `b`, and `std` is positive.
  public static func truncNormal(
    _ tensor: Tensor, mean: Double = 0, std: Double = 1, a: Double = -2, b: Double = 2,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    require(a < b, "the range is \(a) to \(b); use a below b", file: file, line: line)
    require(std > 0, "std is \(std); use a positive number", file: file, line: line)
    if mean < a - 2 * std || mean > b + 2 * std {
      Log.warning(
        "Init.truncNormal: the mean \(mean) is more than 2 standard deviations outside of "
          + "[\(a), \(b)], so the distribution of the values may be incorrect")
    }
    let share = normalCDF((b - mean) / std) - normalCDF((a - mean) / std)
    noGrad {
      if share > 0.3 {
        redraw(tensor, mean: mean, std: std, a: a, b: b)
      } else {
        accept(tensor, mean: mean, std: std, a: a, b: b)
      }
    }
  }

  private static func normalCDF(_ x: Double) -> Double { (1 + erf(x / 2.0.squareRoot())) / 2 }

  /// Draws from the normal distribution again wherever a draw is outside of [a, b].
  private static func redraw(_ tensor: Tensor, mean: Double, std: Double, a: Double, b: Double) {
    // The bounds as the tensor's type represents them.
    let low = Tensor.full([], a, dtype: tensor.dtype).item
    let high = Tensor.full([], b, dtype: tensor.dtype).item
    tensor.normal_(mean: mean, std: std)
    var result = tensor
    while true {
      let outside = (result .< low) .| (result .> high)
      guard outside.any().item != 0 else { break }
      let draws = tensor.emptyLike()
      draws.normal_(mean: mean, std: std)
      result = Tensor.where(outside, draws, result)
    }
    if result !== tensor { tensor.copy_(result) }
  }

  /// Draws uniformly from [a, b], and again wherever a second draw exceeds the density.
  private static func accept(_ tensor: Tensor, mean: Double, std: Double, a: Double, b: Double) {
    let mode = Swift.max(a, Swift.min(mean, b))
    let deviation = (mode - mean) / std
    let logPeak = -0.5 * (deviation * deviation)
    let candidates = tensor.emptyLike()
    let thresholds = tensor.emptyLike()
    func rejected(_ draws: Tensor) -> Tensor {
      let logDensity = draws.sub(mean).div(std).pow(2).mul(-0.5).sub(logPeak)
      thresholds.uniform_()
      return thresholds.log() .> logDensity
    }
    tensor.uniform_(from: a, to: b)
    var pending = rejected(tensor)
    var result = tensor
    while pending.any().item != 0 {
      candidates.uniform_(from: a, to: b)
      result = Tensor.where(pending, candidates, result)
      pending = Tensor.where(pending, rejected(candidates), pending)
    }
    if result !== tensor { tensor.copy_(result) }
  }
}
