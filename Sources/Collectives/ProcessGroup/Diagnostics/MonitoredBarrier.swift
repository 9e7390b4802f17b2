extension ProcessGroup {
  /// A barrier that names the ranks that do not come, for finding out who hangs.
  ///
  /// It goes through the store rather than the group, so that it works while the engine is stuck, and the
  /// group stays usable whatever comes out.
  ///
  /// - Parameters:
  ///   - name: Tells the barriers of a group apart: each name may be used once.
  ///   - timeout: The longest to wait for all; `nil` means the group's limit.
  /// - Throws: ``CollectiveError`` with code `ranksMissing`, on every rank that came; `failed` when the
  ///   store cannot be reached.
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
        "barrier \"\(name)\": \(rankList(missing)) did not come within \(limit). Look at what "
          + "\(missing.count == 1 ? "it does" : "they do"): `lockstep run --debug-rank`, or a stack "
          + "trace of the process",
        rank: rank, cause: error)
    } catch {
      throw CollectiveError(
        .failed, "barrier \"\(name)\": the store failed: \(error.message)", rank: rank, cause: error
      )
    }
  }
}
