internal import Glibc
internal import Support
internal import Synchronization

/// Runs work items one after another on a background thread and stores the error of a failed one.
package final class BackgroundWriter: Sendable {
  private let thread = SerialThread(name: "snapshots")
  private let pending = Monitor(0)
  private let failure = Mutex<(any Error)?>(nil)

  /// Enqueues a work item and returns immediately.
  package func start(_ body: @escaping @Sendable () throws -> Void) {
    WritersAtExit.add(self)
    pending.change { $0 += 1 }
    do throws(SystemError) {
      try thread.run { [self] in finish(Result(catching: body)) }
    } catch {
      finish(.failure(TrainingError(.inputOutput, error.message)))
    }
  }

  private func finish(_ outcome: Result<Void, any Error>) {
    switch outcome {
    case .success: WritersAtExit.remove(self)
    case .failure(let error): failure.withLock { $0 = error }
    }
    pending.change { $0 -= 1 }
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
  package func isIdle(within timeout: Duration) -> Bool {
    pending.wait(until: Deadline(after: timeout)) { $0 == 0 ? true : nil } ?? false
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
        Log.error("\(error)")
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
