internal import Collectives
internal import Torch
internal import TorchCollectives

/// How a rank that cannot complete a pass reports that to the others, which wait for its buckets.
///
/// It reduces its remaining buckets with a NaN in the last one, so that all ranks reach the end of
/// the pass and detect the failure there. In passes with a status exchange, they find that the
/// number of failed ranks is not 0. In other passes, they find a NaN in the sum of the last bucket,
/// so a successful pass needs no additional collective. Then they gather the errors of all ranks,
/// and all throw the same one.
extension Reducer {
  /// The status exchange at the end of a pass: the number of failed ranks, then for each parameter
  /// the number of ranks that used it.
  struct StatusExchange {
    let memory: CollectiveMemory<Int32>
    let work: any Work
  }

  /// Starts the status exchange, in passes that have one: with a hook, or if usage is exchanged.
  func startStatusExchange(failed: Bool) throws -> StatusExchange? {
    guard hook != nil || usage.isExchanged else { return nil }
    let sendsUsage = usage.isExchanged && !usage.isExchangedEarly
    let memory = CollectiveMemory<Int32>(
      [failed ? 1 : 0] + (sendsUsage ? usage.isUsed.map { $0 ? 1 : 0 } : []))
    return try describingErrors(of: statusExchange) {
      StatusExchange(memory: memory, work: try group.startAllReduce(memory.buffer, .sum))
    }
  }

  /// Waits for the status exchange and checks whether a rank failed.
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch` if any rank failed; the same on all ranks.
  func finish(_ status: StatusExchange?) throws {
    var anyRankFailed = false
    if let status {
      try describingErrors(of: statusExchange) { try status.work.wait() }
      let values = status.memory.values
      anyRankFailed = values[0] != 0
      if values.count > 1 {
        let rankCounts = values.dropFirst()
        usage.setGlobalUsage(rankCounts.map { $0 > 0 })
        if rankCounts.allSatisfy({ $0 == group.worldSize }) { warnOfNeedlessSearch() }
      }
    } else if group.worldSize > 1 {
      // A single rank skips this: no peer can fail, and on a GPU the check waits for the gradients.
      anyRankFailed = buckets.last?.isPoisoned ?? false
    }
    if anyRankFailed { try throwErrors(own: "") }
  }

  private func warnOfNeedlessSearch() {
    guard statistics.passCount == 0, group.rank == 0, !options.staticGraph else { return }
    warn(
      "findsUnusedParameters is set, but the first pass used every parameter on every rank. The "
        + "option searches the graph after each forward pass, which costs time: unset it unless "
        + "later passes leave parameters unused")
  }

  /// Exchanges which parameters are used before the first bucket is reduced.
  func exchangeUsageEarly() throws {
    let used: [Int32] = usage.expectedUsed.map { $0 ? 1 : 0 }
    let rankCounts = try describingErrors(of: "exchanging which parameters are used") {
      try absentRanks.waiting(in: statistics.passCount) { try group.allReduce(used) }
    }
    usage.setGlobalUsage(rankCounts.map { $0 > 0 })
  }

  private var statusExchange: String { "exchanging the status of the ranks" }

  /// Ends the pass on all ranks.
  func fail(_ failure: PassFailure) throws -> Never {
    defer { endPass() }
    let message = failure.message(names: names, staticGraph: options.staticGraph)
    // If all reductions are launched, the other ranks do not need this one.
    if let launchedCount = pass?.reductions.count, launchedCount < buckets.count {
      noGrad { buckets.last?.poison() }
      for bucket in launchedCount..<buckets.count { try launch(bucket) }
      let status = try startStatusExchange(failed: true)
      for reduction in pass?.unfinishedReductions ?? [] { _ = try reduction.wait() }
      try status?.work.wait()
      try throwErrors(own: message)
    }
    throw CollectiveError(.mismatch, message, rank: group.rank)
  }

  /// Gathers the errors of all ranks and throws them on all; returns if there are none.
  private func throwErrors(own: String) throws(CollectiveError) {
    let all = try group.allGather(Array(own.utf8)).map { String(decoding: $0, as: UTF8.self) }
    let ranks = Dictionary(grouping: all.indices.filter { !all[$0].isEmpty }) { all[$0] }
    guard !ranks.isEmpty else { return }
    endPass()
    let clauses = ranks.sorted { $0.value[0] < $1.value[0] }.map { message, ranks in
      guard ranks.count < all.count else { return message }
      let list = ranks.map(String.init).joined(separator: ", ")
      return "rank\(ranks.count > 1 ? "s" : "") \(list): \(message)"
    }
    throw CollectiveError(.mismatch, clauses.joined(separator: "; "), rank: group.rank)
  }
}
