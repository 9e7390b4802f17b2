/// The two rules about values that all stores share.
enum StoreValue {
  /// The counter `current` plus `amount`, or `nil` if it is no decimal number or the sum overflows.
  ///
  /// A key that is missing counts as 0.
  static func sum(of current: [UInt8]?, and amount: Int64) -> Int64? {
    guard let current else { return amount }
    guard let number = Int64(String(decoding: current, as: UTF8.self)) else { return nil }
    let (sum, overflow) = number.addingReportingOverflow(amount)
    return overflow ? nil : sum
  }

  /// The decimal text that a counter is kept as.
  static func text(of number: Int64) -> [UInt8] {
    Array(String(number).utf8)
  }

  /// What `compareSet` answers, and whether it stores `desired`.
  ///
  /// A missing key with an `expected` that is not empty answers `expected`, as PyTorch 2.13 does.
  static func compareSet(
    current: [UInt8]?, expected: [UInt8], desired: [UInt8]
  ) -> (answer: [UInt8], stores: Bool) {
    guard let current else {
      return expected.isEmpty ? (desired, true) : (expected, false)
    }
    return current == expected ? (desired, true) : (current, false)
  }

  /// The error for ``sum(of:and:)`` without a result.
  static func notACounter(_ key: String, _ current: [UInt8]?, _ amount: Int64) -> StoreError {
    let shown = String(decoding: (current ?? []).prefix(40), as: UTF8.self)
    return StoreError(
      code: .invalidArgument,
      message: "cannot add \(amount) to \"\(key)\", which holds \"\(shown)\": "
        + "use a key that only add writes")
  }
}
