/// The properties of a collective that have to be equal on all ranks, and its source location.
struct CollectiveSignature: Codable, Sendable, Equatable {
  /// The collective's name.
  var name: String
  var op: ReduceOp?
  var root: Int?
  var types: [ElementType]
  /// The counts that are equal on all ranks.
  var counts: [Int]
  /// The number of elements that an all-to-all sends to each rank, and receives from it.
  var sent: [Int] = []
  var received: [Int] = []
  /// The source location; it may differ between ranks.
  var site: String

  init(_ collective: Collective, at site: CallSite) {
    name = collective.name
    op = collective.op
    root = collective.root
    self.site = site.description
    switch collective {
    case .allToAll(let inputs, into: let outputs):
      sent = inputs.map(\.count)
      received = outputs.map(\.count)
      types = inputs.prefix(1).map(\.elementType)
      counts = []
    case .gather(let input, into: _, root: _):
      types = [input.elementType]
      counts = [input.count]
    case .scatter(_, into: let output, root: _):
      types = [output.elementType]
      counts = [output.count]
    default:
      let buffers = collective.outputs
      types = buffers.map(\.elementType)
      counts = buffers.map(\.count)
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

  /// The part that has to be equal on all ranks.
  private var shared: CollectiveSignature {
    var shared = self
    shared.site = ""
    shared.sent = []
    shared.received = []
    return shared
  }

  /// Returns an error if the ranks' collectives differ; `nil` if they match.
  ///
  /// The error names the ranks that differ from the majority; if two halves differ, the half of
  /// rank 0 is the majority.
  ///
  /// - Parameters:
  ///   - signatures: The collective of each rank.
  ///   - number: The collective's number in the group, from 0.
  /// - Returns: An error with code `mismatch`, or `nil`.
  static func mismatch(among signatures: [CollectiveSignature], number: Int) -> CollectiveError? {
    let votes = signatures.map { mine in signatures.count { $0.shared == mine.shared } }
    guard let most = votes.max(), let usual = votes.firstIndex(of: most) else { return nil }
    let others = signatures.indices.filter { signatures[$0].shared != signatures[usual].shared }
    if !others.isEmpty {
      let theirs = others.map { "rank \($0) starts \(signatures[$0])" }.joined(separator: ", ")
      return CollectiveError(
        .mismatch,
        "collective \(number) differs between ranks: \(theirs), but rank \(usual)"
          + (most > 1 ? " and \(most - 1) more" : "") + (most > 1 ? " start " : " starts ")
          + "\(signatures[usual]): make all ranks start the same collectives in the same order")
    }
    for (rank, signature) in signatures.enumerated() {
      for (peer, count) in signature.sent.enumerated()
      where signatures[peer].received[rank] != count {
        return CollectiveError(
          .mismatch,
          "collective \(number): rank \(rank) sends \(count) elements to rank \(peer), which "
            + "expects \(signatures[peer].received[rank]): \(signature), \(signatures[peer])")
      }
    }
    return nil
  }
}
