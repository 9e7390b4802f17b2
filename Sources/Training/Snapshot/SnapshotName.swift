/// The name of a snapshot's folder, such as `step-000000120`.
///
/// A second snapshot of the same step is `step-000000120.2`. A provisional one, which the regular
/// snapshot of the step replaces, is `step-000000120.0`.
package struct SnapshotName: Hashable, Comparable, CustomStringConvertible {
  package var step: Int
  package var attempt = 1

  /// Whether the snapshot precedes an evaluation, and is replaced after it.
  package var isProvisional: Bool { attempt == 0 }

  package init(step: Int, attempt: Int = 1) {
    self.step = step
    self.attempt = attempt
  }

  /// Parses a name; returns `nil` if it is not that of a snapshot.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts[0].hasPrefix("step-"),
      let step = Int(parts[0].dropFirst(5)), let attempt = parts.count == 2 ? Int(parts[1]) : 1
    else { return nil }
    self.init(step: step, attempt: attempt)
    guard description == text else { return nil }
  }

  package var description: String {
    let digits = String(step)
    let padding = String(repeating: "0", count: max(0, 9 - digits.count))
    return "step-\(padding)\(digits)\(attempt == 1 ? "" : ".\(attempt)")"
  }

  package static func < (a: SnapshotName, b: SnapshotName) -> Bool {
    (a.step, a.attempt) < (b.step, b.attempt)
  }
}
