import Glibc
import Synchronization

/// By what a process knows that `spawn` has started it, and which call of it.
///
/// The mark is inherited by whatever a rank starts in turn; but only the rank's parent is the process
/// that the mark names.
package struct SpawnMark: Sendable, Hashable {
  /// The variable that holds the mark.
  package static let variable = "LOCKSTEP_SPAWN"

  /// The process that called `spawn`.
  package let parent: Int32

  /// The place of the call among those of that process, from 0.
  package let call: Int

  private static let calls = Atomic(0)

  /// Counts a call of `spawn` in this process, from 0.
  package static func nextCall() -> Int { calls.add(1, ordering: .relaxed).oldValue }

  /// The mark of this process, if `spawn` has started it.
  package static var inherited: SpawnMark? {
    guard let text = getenv(variable), let mark = SpawnMark(String(cString: text)),
      mark.parent == getppid()
    else { return nil }
    return mark
  }

  /// What the variable holds.
  package var text: String { "\(parent):\(call)" }

  package init(parent: Int32, call: Int) {
    self.parent = parent
    self.call = call
  }

  /// Reads what the variable holds; `nil` if that is no mark.
  package init?(_ text: String) {
    let numbers = text.split(separator: ":").map { Int($0) }
    guard numbers.count == 2, let parent = numbers[0].flatMap(Int32.init(exactly:)),
      let call = numbers[1]
    else { return nil }
    self.init(parent: parent, call: call)
  }
}
