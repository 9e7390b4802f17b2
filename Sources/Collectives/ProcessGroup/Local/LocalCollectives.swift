/// Runs collectives for ranks whose memory one thread can access.
enum LocalCollectives {
  /// Runs a collective for all ranks.
  ///
  /// - Parameter calls: The collective as each rank started it, in rank order; they match.
  static func run(_ calls: [Collective]) {
    let ranks = calls.indices
    let inputs = calls.map(\.inputs)
    let outputs = calls.map(\.outputs)
    switch calls[0] {
    case .barrier, .exchange: return
    case .allReduce(_, let op), .allReduceCoalesced(_, let op):
      for buffer in inputs[0].indices {
        let sum = Reduction.combine(inputs.map { $0[buffer] }, op)
        for output in outputs { output[buffer].copy(from: sum) }
      }
    case .reduce(_, let op, let root):
      outputs[root][0].copy(from: Reduction.combine(inputs.map { $0[0] }, op))
    case .reduceScatter(_, into: _, let op):
      let sums = Reduction.combine(inputs.map { $0[0] }, op).parts(ranks.count)
      for rank in ranks { outputs[rank][0].copy(from: sums[rank]) }
    case .allGather:
      for rank in ranks {
        let parts = outputs[rank][0].parts(ranks.count)
        for peer in ranks { parts[peer].copy(from: inputs[peer][0]) }
      }
    case .allGatherUneven:
      for rank in ranks {
        for peer in ranks { outputs[rank][peer].copy(from: inputs[peer][0]) }
      }
    case .allToAll:
      for rank in ranks {
        for peer in ranks { outputs[rank][peer].copy(from: inputs[peer][rank]) }
      }
    case .broadcast(_, let root):
      for output in outputs { output[0].copy(from: inputs[root][0]) }
    case .gather(_, into: _, let root):
      let parts = outputs[root][0].parts(ranks.count)
      for rank in ranks { parts[rank].copy(from: inputs[rank][0]) }
    case .scatter(_, into: _, let root):
      let parts = inputs[root][0].parts(ranks.count)
      for rank in ranks { outputs[rank][0].copy(from: parts[rank]) }
    }
  }
}
