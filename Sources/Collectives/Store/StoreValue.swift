/// The semantics of counters and of `compareSet`, which all stores share.
enum StoreValue {
  /// The counter `current` plus `amount`; `nil` if it is not a decimal integer or the sum
  /// overflows.
  ///
  /// A missing key counts as 0.
  static func sum(of current: [UInt8]?, and amount: Int64) -> Int64? {
    guard let current else { return amount }
    guard let number = Int64(String(decoding: current, as: UTF8.self)) else { return nil }
    let (sum, overflow) = number.addingReportingOverflow(amount)
    return overflow ? nil : sum
  }

  /// The decimal text of a counter.
  static func text(of number: Int64) -> [UInt8] {
    Array(String(number).utf8)
  }

  /// The result of `compareSet`, and whether it stores `desired`.
  ///
  /// For a missing key and a non-empty `expected` the result is `expected`, as in PyTorch 2.13.
  static func compareSet(
    current: [UInt8]?, expected: [UInt8], desired: [UInt8]
  ) -> (answer: [UInt8], stores: Bool) {
    guard let current else {
      return expected.isEmpty ? (desired, true) : (expected, false)
    }
    return current == expected ? (desired, true) : (current, false)
  }

  /// The error when ``sum(of:and:)`` returns `nil`.
  static func notACounter(_ key: String, _ current: [UInt8]?, _ amount: Int64) -> StoreError {
    let shown = String(decoding: (current ?? []).prefix(40), as: UTF8.self)
    return StoreError(
      code: .invalidArgument,
      message: "cannot add \(amount) to \"\(key)\", whose value is \"\(shown)\": "
        + "use a key that only add writes")
  }
}
