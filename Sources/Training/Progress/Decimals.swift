/// Formats numbers with a fixed number of decimals, without Foundation.
enum Decimals {
  /// Returns the number rounded to exactly `places` decimals.
  static func text(_ number: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (number.magnitude * scale).rounded()
    // Non-finite values, and values too large to have decimals, use Swift's own format.
    guard scaled < 1e15 else { return "\(number)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let sign = number < 0 && scaled > 0 ? "-" : ""
    guard places > 0 else { return sign + padded }
    return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
  }
}
