import Glibc
import Synchronization

/// Identifies the call to `spawn` that started a process.
///
/// It is passed in an environment variable, which the children of a rank inherit too. A process is
/// a rank only if `parent` is its parent process.
package struct SpawnCall: Sendable, Hashable {
  /// The environment variable that identifies the call.
  package static let variable = "LOCKSTEP_SPAWN"

  /// The id of the process that called `spawn`.
  package let parent: Int32

  /// The number of earlier calls in that process.
  package let index: Int

  private static let count = Atomic(0)

  /// Returns the index of the next call to `spawn` in this process.
  package static func nextIndex() -> Int { count.add(1, ordering: .relaxed).oldValue }

  /// The call that started this process; `nil` if `spawn` did not start it.
  package static var inherited: SpawnCall? {
    guard let text = getenv(variable), let call = SpawnCall(String(cString: text)),
      call.parent == getppid()
    else { return nil }
    return call
  }

  /// The value of the environment variable.
  package var text: String { "\(parent):\(index)" }

  package init(parent: Int32, index: Int) {
    self.parent = parent
    self.index = index
  }

  /// Parses the value of the environment variable; `nil` if it is malformed.
  package init?(_ text: String) {
    let numbers = text.split(separator: ":").map { Int($0) }
    guard numbers.count == 2, let parent = numbers[0].flatMap(Int32.init(exactly:)),
      let index = numbers[1]
    else { return nil }
    self.init(parent: parent, index: index)
  }
}
