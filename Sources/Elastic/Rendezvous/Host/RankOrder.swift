/// The assignment of ranks to the nodes of a new round.
package enum RankOrder {
  /// Returns the nodes in the order of their ranks.
  ///
  /// A node of the last round keeps its rank if that rank still exists. Gaps are filled by nodes
  /// whose rank is now too high, then by new nodes. Rank 0 never goes to a new node while another
  /// is available: it may hold the state from which the others continue.
  ///
  /// - Parameters:
  ///   - members: The nodes of the last round and their ranks.
  ///   - newcomers: The other nodes, in order of preference.
  /// - Returns: All nodes; the first has rank 0.
  package static func order<Node: Hashable>(members: [Node: Int], newcomers: [Node]) -> [Node] {
    var ranked = [Node?](repeating: nil, count: members.count + newcomers.count)
    var displaced: [Node] = []
    let byRank = members.sorted { $0.value < $1.value }
    for (node, rank) in byRank {
      if rank < ranked.count { ranked[rank] = node } else { displaced.append(node) }
    }
    if ranked.first == .some(nil), displaced.isEmpty, let (node, rank) = byRank.last {
      ranked[rank] = nil
      displaced.append(node)
    }
    var rest = (displaced + newcomers)[...]
    return ranked.map { $0 ?? rest.removeFirst() }
  }
}
