/// How long to pause between attempts to connect: 10 ms at first, doubling up to a second, each
/// time between half and one and a half of it so that a thousand ranks do not come at once.
struct ConnectBackoff {
  private var pause = Duration.milliseconds(10)

  mutating func next(_ random: inout some RandomNumberGenerator) -> Duration {
    defer { pause = min(pause * 2, .seconds(1)) }
    return pause * Double.random(in: 0.5...1.5, using: &random)
  }
}
