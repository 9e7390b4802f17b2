/// What the ranks' calls of one collective have to agree on, and where each was made.
struct CollectiveSignature: Codable, Sendable, Equatable {
  /// The collective's name.
  var name: String
  var op: ReduceOp?
  var root: Int?
  var types: [ElementType]
  /// The counts that are equal on all ranks.
  var counts: [Int]
  /// What an all-to-all sends to each rank, and receives from it.
  var sent: [Int] = []
  var received: [Int] = []
  /// Where the call was made; ranks may call from different places.
  var site: String

  init(_ collective: Collective, at site: CallSite) {
    name = collective.name
    (op, root, self.site) = (collective.op, collective.root, site.description)
    switch collective {
    case .allToAll(let inputs, into: let outputs):
      (sent, received) = (inputs.map(\.count), outputs.map(\.count))
      (types, counts) = (Array(inputs.prefix(1).map(\.elementType)), [])
    case .gather(let input, into: _, root: _):
      (types, counts) = ([input.elementType], [input.count])
    case .scatter(_, into: let output, root: _):
      (types, counts) = ([output.elementType], [output.count])
    default:
      let buffers = collective.outputs
      (types, counts) = (buffers.map(\.elementType), buffers.map(\.count))
    }
  }
}

extension CollectiveSignature: CustomStringConvertible {
  /// `allReduce(sum) of 20 float32 at Toy/Toy.swift:30`.
  var description: String {
    var text = name
    if let op { text += "(\(op))" }
    if let root { text += " with root \(root)" }
    let what =
      sent.isEmpty
      ? zip(counts, types).map { "\($0) \($1)" }.joined(separator: " + ")
      : "\(sent) \(types.first?.rawValue ?? "") into \(received)"
    return (what.isEmpty ? text : "\(text) of \(what)") + " at \(site)"
  }

  /// What all ranks have to have the same.
  private var shared: CollectiveSignature {
    var shared = self
    (shared.site, shared.sent, shared.received) = ("", [], [])
    return shared
  }

  /// How the ranks' calls differ; `nil` if they fit.
  ///
  /// The ranks that differ from what most do are named; of two halves that of rank 0 counts. The number
  /// is the collective's in this group, from 0.
  static func mismatch(among signatures: [CollectiveSignature], number: Int) -> CollectiveError? {
    let votes = signatures.map { mine in signatures.count { $0.shared == mine.shared } }
    guard let most = votes.max(), let usual = votes.firstIndex(of: most) else { return nil }
    let others = signatures.indices.filter { signatures[$0].shared != signatures[usual].shared }
    if !others.isEmpty {
      let theirs = others.map { "rank \($0) calls \(signatures[$0])" }.joined(separator: ", ")
      return CollectiveError(
        .mismatch,
        "collective \(number) is not the same on all ranks: \(theirs), but rank \(usual)"
          + (most > 1 ? " and \(most - 1) more" : "") + (most > 1 ? " call " : " calls ")
          + "\(signatures[usual]). All ranks have to make the same calls in the same order")
    }
    for (rank, signature) in signatures.enumerated() {
      for (peer, count) in signature.sent.enumerated()
      where signatures[peer].received[rank] != count {
        return CollectiveError(
          .mismatch,
          "collective \(number): rank \(rank) sends \(count) numbers to rank \(peer), which expects "
            + "\(signatures[peer].received[rank]): \(signature), \(signatures[peer])")
      }
    }
    return nil
  }
}
