/// The pause between attempts to connect: 10 ms at first, doubling up to a second.
///
/// Each is randomized by a factor of 0.5 to 1.5, so that a thousand ranks do not connect at the
/// same time.
package struct ConnectBackoff {
  private var pause = Duration.milliseconds(10)

  package init() {}

  package mutating func next(_ random: inout some RandomNumberGenerator) -> Duration {
    defer { pause = min(pause * 2, .seconds(1)) }
    return pause * Double.random(in: 0.5...1.5, using: &random)
  }
}
