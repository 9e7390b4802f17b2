extension ProcessGroup {
  /// Waits for all ranks, and names those that did not reach the barrier in time, to find a rank
  /// that hangs.
  ///
  /// It uses the store, not the backend: it works while the backend hangs, and the group remains
  /// usable after an error.
  ///
  /// - Parameters:
  ///   - name: The barrier's name; each name may be used once per group.
  ///   - timeout: The time limit; `nil` for the group's.
  /// - Throws: ``CollectiveError`` with code `ranksMissing`, on every rank that reached the
  ///   barrier; `failed` when the store cannot be reached.
  public func monitoredBarrier(_ name: String, timeout: Duration? = nil) throws(CollectiveError) {
    let limit = timeout ?? self.timeout
    let keys = (0..<worldSize).map { "barrier/\(name)/\($0)" }
    do {
      try store.set(keys[rank], [])
      try store.wait(keys, timeout: limit)
    } catch  where error.code == .timedOut {
      let missing = keys.indices.filter { (try? store.check([keys[$0]])) == false }
      throw CollectiveError(
        .ranksMissing,
        "barrier \"\(name)\": \(rankList(missing)) did not arrive within \(limit). Inspect "
          + "\(missing.count == 1 ? "it" : "them") with `lockstep run --debug-rank`, or by a stack "
          + "trace of the process",
        rank: rank, cause: error)
    } catch {
      throw CollectiveError(
        .failed, "barrier \"\(name)\": the store failed: \(error.message)", rank: rank, cause: error
      )
    }
  }
}
