import Glibc

extension RandomNumberGenerator {
  /// Returns a draw from the standard normal distribution.
  ///
  /// Box & Muller 1958: two uniform draws for each normal one, so a draw depends only on the
  /// generator and on the number of draws before it.
  public mutating func nextNormal() -> Double {
    // In (0, 1], so that the logarithm is finite.
    let radius = 1 - Double.random(in: 0..<1, using: &self)
    let angle = Double.random(in: 0..<1, using: &self)
    return (-2 * log(radius)).squareRoot() * cos(2 * .pi * angle)
  }
}
