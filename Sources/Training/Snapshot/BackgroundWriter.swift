internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs work items one after another on a background thread and stores the error of a failed one.
final class BackgroundWriter: Sendable {
  private let queue = DispatchQueue(label: "lockstep.snapshots")
  private let running = DispatchGroup()
  private let failure = Mutex<(any Error)?>(nil)

  /// Enqueues a work item and returns immediately.
  func start(_ body: @escaping @Sendable () throws -> Void) {
    WritersAtExit.add(self)
    queue.async(group: running) { [self] in
      do {
        try body()
        WritersAtExit.remove(self)
      } catch {
        failure.withLock { $0 = error }
      }
    }
  }

  /// Waits for all work items, and throws the error of one that failed since the last call.
  func wait(timeout: Duration) throws {
    guard isIdle(within: timeout) else {
      throw TrainingError(
        .timedOut,
        "a snapshot was not written within \(timeout): check whether the disk is slow or does not "
          + "respond, or raise writeTimeout")
    }
    if let error = takeFailure() { throw error }
  }

  /// Returns and clears the stored error.
  fileprivate func takeFailure() -> (any Error)? {
    let error = failure.withLock { failure in
      defer { failure = nil }
      return failure
    }
    if error != nil { WritersAtExit.remove(self) }
    return error
  }

  /// Waits for all work items; returns whether they finished in time.
  func isIdle(within timeout: Duration) -> Bool {
    let milliseconds = Int(timeout / .milliseconds(1))
    return running.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
  }
}

/// The writers that are busy or have an unreported error.
///
/// An exit handler waits for them and prints their errors.
private enum WritersAtExit {
  private static let writers = Mutex<[ObjectIdentifier: BackgroundWriter]>([:])
  private static let limit = Duration.seconds(600)

  private static let isRegistered: Bool = {
    atexit {
      for writer in WritersAtExit.writers.withLock({ Array($0.values) }) {
        _ = writer.isIdle(within: WritersAtExit.limit)
        guard let error = writer.takeFailure() else { continue }
        let line = Array("error: \(error)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
      }
    }
    return true
  }()

  static func add(_ writer: BackgroundWriter) {
    precondition(isRegistered, "the exit handler is not registered")
    writers.withLock { $0[ObjectIdentifier(writer)] = writer }
  }

  static func remove(_ writer: BackgroundWriter) {
    writers.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(writer)) }
  }
}
