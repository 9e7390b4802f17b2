internal import CTorch
internal import Collectives

extension GlooProcessGroup {
  /// The error for ranks that could not connect.
  ///
  /// The addresses in the store show which ranks joined.
  static func connectError(
    _ message: String, _ storeError: StoreError?, store: any Store, rank: Int, worldSize: Int,
    timeout: Duration
  ) -> CollectiveError {
    let missing = (0..<worldSize).filter { peer in
      // The key under which Gloo's first context publishes a rank's address.
      (try? store.check(["0/\(peer)"])) == false
    }
    guard missing.isEmpty else {
      return .ranksMissing(
        missing, of: worldSize, within: timeout, seenBy: rank, cause: storeError)
    }
    if let storeError {
      return CollectiveError(
        .failed, "cannot exchange addresses: \(storeError.message)", rank: rank,
        cause: storeError)
    }
    return CollectiveError(
      glooError(message, rank: rank).code,
      "all ranks joined but could not connect: \(message). Check that each host reaches the "
        + "addresses of the others",
      rank: rank)
  }
}

/// Classifies a failure of a running collective by Gloo's message.
func glooError(_ message: String, rank: Int, lost: () -> Int? = { nil }) -> CollectiveError {
  let remedy = "; the group is unusable: recreate it, or let the launcher restart all ranks"
  if message.contains("imed out") {
    return CollectiveError(
      .timedOut, "a collective timed out: \(message)\(remedy)", rank: rank)
  }
  let lossMessages = ["closed by peer", "Connection reset", "Broken pipe", "Socket closed"]
  if lossMessages.contains(where: message.contains) {
    let peer = lost()
    return CollectiveError(
      .peerLost, "lost \(peer.map { "rank \($0)" } ?? "a peer"): \(message)\(remedy)", rank: rank,
      peer: peer)
  }
  return CollectiveError(.failed, "a collective failed: \(message)\(remedy)", rank: rank)
}

/// Copies and frees an error message of CTorch.
func takeErrorMessage(_ error: UnsafeMutablePointer<CChar>) -> String {
  defer { ct_error_free(error) }
  return String(cString: error)
}

extension Duration {
  /// The duration in whole milliseconds, limited to the range from 1 ms to one year.
  var milliseconds: Int64 {
    let (seconds, attoseconds) = components
    let limited = Swift.min(seconds, 365 * 24 * 3600)
    return Swift.max(1, limited * 1000 + attoseconds / 1_000_000_000_000_000)
  }
}
