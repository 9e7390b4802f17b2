internal import CTorch
internal import Collectives

extension GlooProcessGroup {
  /// Why the ranks could not connect; tells who came from the addresses that Gloo left in the store.
  static func connectError(
    _ message: String, _ storeError: StoreError?, store: any Store, rank: Int, worldSize: Int,
    timeout: Duration
  ) -> CollectiveError {
    let missing = (0..<worldSize).filter { peer in
      // Gloo's first context puts each rank's address under this key.
      (try? store.check(["0/\(peer)"])) == false
    }
    guard missing.isEmpty else {
      return .ranksMissing(
        missing, of: worldSize, within: timeout, seenBy: rank, cause: storeError)
    }
    if let storeError {
      return CollectiveError(
        .failed, "could not exchange addresses: \(storeError.message)", rank: rank,
        cause: storeError)
    }
    return CollectiveError(
      glooError(message, rank: rank).code,
      "the ranks found each other but could not connect: \(message). Check that each host reaches "
        + "the others' addresses",
      rank: rank)
  }
}

/// Sorts a failure of a running collective by Gloo's message.
func glooError(_ message: String, rank: Int, lost: () -> Int? = { nil }) -> CollectiveError {
  let remedy = "; this group is unusable now, make a new one (a launcher restarts all ranks)"
  if message.contains("imed out") {
    return CollectiveError(
      .timedOut, "a collective ran out of time: \(message)\(remedy)", rank: rank)
  }
  let signsOfLoss = ["closed by peer", "Connection reset", "Broken pipe", "Socket closed"]
  if signsOfLoss.contains(where: message.contains) {
    let peer = lost()
    return CollectiveError(
      .peerLost, "\(peer.map { "rank \($0)" } ?? "a peer") has gone: \(message)\(remedy)",
      rank: rank,
      peer: peer)
  }
  return CollectiveError(.failed, "a collective failed: \(message)\(remedy)", rank: rank)
}

/// Copies and frees a message of the shim.
func takeEngineMessage(_ error: UnsafeMutablePointer<CChar>) -> String {
  defer { ct_error_free(error) }
  return String(cString: error)
}

extension Duration {
  /// Whole milliseconds, at least 1 and no more than fit a year.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let limited = Swift.min(seconds, 365 * 24 * 3600)
    return Swift.max(1, limited * 1000 + attoseconds / 1_000_000_000_000_000)
  }
}
