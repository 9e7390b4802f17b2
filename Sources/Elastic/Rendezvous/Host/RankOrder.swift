/// Who gets which rank in a new round.
package enum RankOrder {
  /// Nodes in the order of their ranks.
  ///
  /// Who was in the round before keeps its rank if there is one as high; holes are filled by those
  /// whose rank is too high now, then by newcomers. Rank 0 never goes to a newcomer while anybody else is
  /// there: it may hold what the others go on from.
  ///
  /// - Parameters:
  ///   - members: The nodes that were in the round before, with the ranks that they had.
  ///   - newcomers: The others, in the order of their preference.
  /// - Returns: All nodes; the first has rank 0.
  package static func order<Node: Hashable>(members: [Node: Int], newcomers: [Node]) -> [Node] {
    var seats = [Node?](repeating: nil, count: members.count + newcomers.count)
    var waiting: [Node] = []
    let byRank = members.sorted { $0.value < $1.value }
    for (node, rank) in byRank {
      if rank < seats.count { seats[rank] = node } else { waiting.append(node) }
    }
    if seats.first == .some(nil), waiting.isEmpty, let (node, rank) = byRank.last {
      seats[rank] = nil
      waiting.append(node)
    }
    var rest = (waiting + newcomers)[...]
    return seats.map { $0 ?? rest.removeFirst() }
  }
}
