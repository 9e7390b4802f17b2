internal import Dispatch
internal import Glibc
internal import Synchronization

/// Does one piece of work after the other on a thread of its own; its errors wait to be asked for.
final class BackgroundWriter: Sendable {
  private let queue = DispatchQueue(label: "lockstep.snapshots")
  private let running = DispatchGroup()
  private let failure = Mutex<(any Error)?>(nil)

  /// Starts a piece of work and returns at once.
  func start(_ body: @escaping @Sendable () throws -> Void) {
    WritersAtExit.add(self)
    queue.async(group: running) { [self] in
      do {
        try body()
      } catch {
        failure.withLock { $0 = error }
      }
      WritersAtExit.remove(self)
    }
  }

  /// Waits for all work, and throws the error of what failed since the last time.
  func wait(timeout: Duration) throws {
    guard finishes(within: timeout) else {
      throw SnapshotError(
        .timedOut,
        "a snapshot has not been written within \(timeout): the disk is too slow or hangs, or the "
          + "limit is too short")
    }
    let error = failure.withLock { failure in
      defer { failure = nil }
      return failure
    }
    if let error { throw error }
  }

  /// Waits for all work; returns whether it ended in time.
  func finishes(within timeout: Duration) -> Bool {
    let milliseconds = Int(timeout / .milliseconds(1))
    return running.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }
}

/// The writers at work, which the end of the process waits for.
private enum WritersAtExit {
  private static let writers = Mutex<[ObjectIdentifier: BackgroundWriter]>([:])
  private static let limit = Duration.seconds(600)

  private static let isRegistered: Bool = {
    atexit {
      for writer in WritersAtExit.writers.withLock({ Array($0.values) }) {
        _ = writer.finishes(within: WritersAtExit.limit)
      }
    }
    return true
  }()

  static func add(_ writer: BackgroundWriter) {
    precondition(isRegistered, "the end of the process waits for writers")
    writers.withLock { $0[ObjectIdentifier(writer)] = writer }
  }

  static func remove(_ writer: BackgroundWriter) {
    writers.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(writer)) }
  }
}
