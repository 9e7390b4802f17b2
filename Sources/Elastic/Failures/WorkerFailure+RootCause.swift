import Worker

extension WorkerFailure {
  /// The end of the worker that caused the failure of its group; `nil` if no worker failed.
  ///
  /// A rank that is lost makes its peers fail, and a peer may report its error before the launcher
  /// knows that the rank has ended. So the order in time is not enough:
  /// 1. A worker that ended only because the launcher stopped it is not the cause. A worker that a
  ///    peer lost before the launcher's signal was ending by itself.
  /// 2. A worker whose error blames a lost peer is not the cause if another failed by itself.
  /// 3. Of the workers that remain, the first by time is the cause. A worker that was killed from
  ///    outside the job within a second of the first is the cause instead: a lost peer never
  ///    results in SIGKILL, but may result in an error that names no peer.
  /// 4. If all errors blame lost peers, a worker that succeeded while its peers still needed it is
  ///    the cause.
  ///
  /// Times are compared with the precision of the file system, because torchrun's whole seconds
  /// cannot separate a cause from a consequence that follows milliseconds later.
  ///
  /// - Parameter ends: The ends of all workers of the group that have ended, on all nodes.
  /// - Returns: The end of one worker.
  package static func rootCause(of ends: [WorkerFailure]) -> WorkerFailure? {
    let failures = ends.filter { !$0.isCompletion }
    var lossTimes: [Int: Duration] = [:]  // when each rank was first reported as lost
    for failure in failures {
      let time = failure.isTrigger ? .zero : failure.time
      for rank in failure.blamedRanks ?? [] where rank != failure.rank {
        lossTimes[rank] = min(lossTimes[rank] ?? time, time)
      }
    }
    let own = failures.filter { failure in
      guard failure.wasStopped else { return true }
      guard let lossTime = lossTimes[failure.rank] else { return false }
      return failure.signalTime.map { lossTime <= $0 } ?? false
    }
    if let first = earliest(own.filter { $0.blamedRanks == nil }) {
      let killed = own.filter {
        $0.exit == .signal(.kill) && !$0.wasSignalled && $0.time - first.time < .seconds(1)
      }
      return earliest(killed) ?? first
    }
    return earliest(ends.filter { $0.isCompletion && lossTimes[$0.rank] != nil })
      ?? earliest(own) ?? earliest(failures)
  }

  /// The ranks that the worker's error blames: empty if not known, `nil` if it blames no rank.
  package var blamedRanks: [Int]? {
    guard let record else { return nil }
    return record.blamedRanks ?? LostPeerMessage(record.message)?.ranks
  }

  private static func earliest(_ failures: [WorkerFailure]) -> WorkerFailure? {
    failures.min { $0.time < $1.time }
  }
}
