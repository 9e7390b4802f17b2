internal import Collectives
internal import Torch
internal import TorchCollectives

/// How a rank that cannot go on tells the others, which wait for its buckets.
///
/// It sends the buckets that are left with a mark, so that all ranks come to the end of the pass. Where
/// the sum of plain all-reduces shows the mark, which costs nothing in a good pass, or where a number
/// that the ranks add up at the end is not 0, they exchange what is wrong, and all throw it.
extension Reducer {
  /// What can be wrong on a rank.
  enum Trouble {
    case missing([Int])
    case repeated(Int)
    case changed(Int)
    case interrupted
  }

  /// The exchange at the end of a pass: how many ranks failed, and who used which parameter.
  struct Status {
    let memory: CollectiveMemory<Int32>
    let work: any Work
  }

  /// Starts the exchange, in the passes that have one.
  func startStatus(failed: Bool) throws -> Status? {
    let sendsUsage = usage.isExchanged && !usage.isExchangedEarly
    guard hook != nil || usage.isExchanged else { return nil }
    let memory = CollectiveMemory<Int32>(
      [failed ? 1 : 0] + (sendsUsage ? usage.isUsed.map { $0 ? 1 : 0 } : []))
    return try explaining(comparing) {
      Status(memory: memory, work: try group.startAllReduce(memory.buffer, .sum))
    }
  }

  /// Ends the exchange.
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch` when any rank failed; the same on all ranks.
  func check(_ status: Status?) throws {
    var someRankFailed = false
    if let status {
      try explaining(comparing) { try status.work.wait() }
      let values = status.memory.values
      someRankFailed = values[0] != 0
      if values.count > 1 {
        let ranks = values.dropFirst()
        usage.adopt(ranks.map { $0 > 0 })
        if ranks.allSatisfy({ $0 == group.worldSize }) { warnOfVainSearch() }
      }
    } else if group.worldSize > 1 {
      // One rank alone has nobody to hear of, and on a GPU would wait for its gradients.
      someRankFailed = buckets.last?.isPoisoned ?? false
    }
    if someRankFailed { try compareComplaints("") }
  }

  private func warnOfVainSearch() {
    guard passCount == 0, group.rank == 0, !options.staticGraph else { return }
    warn(
      "findsUnusedParameters is set, but the first pass used every parameter on every rank: searching the "
        + "graph costs time after each forward pass. Leave the option out unless later passes differ"
    )
  }

  /// Finds out which buckets nobody needs, before the first is started.
  func agreeOnUsage() throws {
    let used: [Int32] = usage.expectedUsed.map { $0 ? 1 : 0 }
    let counts = try explaining(comparing) { try waiting { try group.allReduce(used) } }
    usage.adopt(counts.map { $0 > 0 })
  }

  private var comparing: String { "the ranks could not compare what they used" }

  /// Ends the pass on all ranks.
  func fail(_ trouble: Trouble) throws -> Never {
    defer { endPass() }
    // What fails is not measured; after an interruption it is the next step that already was.
    times = nil
    let complaint = describe(trouble)
    // If everything is on its way already, the others have no need of this rank.
    if running.count < buckets.count {
      withoutGradients { buckets.last?.poison() }
      for bucket in running.count..<buckets.count { try start(bucket) }
      let status = try startStatus(failed: true)
      for reduction in running[endedCount...] { _ = try reduction.wait() }
      try status?.work.wait()
      try compareComplaints(complaint)
    }
    throw CollectiveError(.mismatch, complaint, rank: group.rank)
  }

  /// Throws on all ranks what is wrong on any; returns if nothing is.
  private func compareComplaints(_ own: String) throws(CollectiveError) {
    let all = try group.allGather(Array(own.utf8)).map { String(decoding: $0, as: UTF8.self) }
    let ranks = Dictionary(grouping: all.indices.filter { !all[$0].isEmpty }) { all[$0] }
    guard !ranks.isEmpty else { return }
    endPass()
    let clauses = ranks.sorted { $0.value[0] < $1.value[0] }.map { complaint, ranks in
      let who =
        ranks.count == all.count
        ? ""
        : "on rank\(ranks.count > 1 ? "s" : "") \(ranks.map(String.init).joined(separator: ", ")) "
      return who + complaint
    }
    throw CollectiveError(.mismatch, clauses.joined(separator: "; "), rank: group.rank)
  }

  private func describe(_ trouble: Trouble) -> String {
    switch trouble {
    case .missing(let missing):
      let remedy =
        options.staticGraph
        ? "They had one in the first pass, and the option staticGraph says that the graph stays the "
          + "same: leave it out, or set findsUnusedParameters instead"
        : "Every parameter has to take part in the loss on every rank: set the option "
          + "findsUnusedParameters (or staticGraph if they are the same in every pass), leave these "
          + "out of the model, or set requiresGrad to false before wrapping it"
      return
        "\(missing.count) of \(names.count) parameters got no gradient in this backward pass: "
        + "\(list(missing)). \(remedy)"
    case .repeated(let index):
      return
        "parameter '\(names[index])' got its gradient twice in one backward pass. Run forward once "
        + "for each backward, through the DistributedDataParallel object, use no parameter outside "
        + "of it, and do not reuse one in a second backward pass over the same graph; if the graph "
        + "is the same in every pass, set the option staticGraph"
    case .changed(let index):
      return
        "parameter '\(names[index])' got more gradients than in the first backward pass, but the "
        + "option staticGraph says that the graph stays the same: leave it out, and set "
        + "findsUnusedParameters if some parameters are not always used"
    case .interrupted:
      return
        "the backward pass before this forward pass did not come to its end, because something in it "
        + "threw: end the training step when backward throws, or start the job anew"
    }
  }
}
