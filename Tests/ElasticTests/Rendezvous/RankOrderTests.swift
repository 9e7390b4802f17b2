import Elastic
import Testing

@Suite struct RankOrderTests {
  /// The remaining nodes with their ranks, the new nodes, and the resulting order.
  @Test(
    arguments: [
      ([:], ["a", "b", "c"], ["a", "b", "c"]),
      (["a": 0, "b": 1], [], ["a", "b"]),
      (["a": 0, "c": 2, "d": 3], [], ["a", "d", "c"]),
      (["a": 0, "c": 2, "d": 3], ["x"], ["a", "x", "c", "d"]),
      (["b": 1, "c": 2], [], ["c", "b"]),
      (["b": 1, "c": 2], ["x"], ["c", "b", "x"]),
      (["b": 1], ["x", "y"], ["b", "x", "y"]),
      (["d": 3], [], ["d"]),
    ] as [([String: Int], [String], [String])])
  func remainingNodesKeepTheirRanksIfPossible(
    members: [String: Int], newcomers: [String], order: [String]
  ) {
    #expect(RankOrder.order(members: members, newcomers: newcomers) == order)
  }

  @Test func everyNodeHasOneRankForAllRemainingNodes() {
    for remaining in 0..<64 {
      for newCount in 0...3 {
        let members = Dictionary(
          uniqueKeysWithValues: (0..<6).filter { remaining >> $0 & 1 == 1 }.map { ($0, $0) })
        let newcomers = Array(10..<(10 + newCount))
        let order = RankOrder.order(members: members, newcomers: newcomers)
        #expect(Set(order) == Set(members.keys).union(newcomers))
        #expect(order.count == members.count + newCount)
        if let first = order.first, !members.isEmpty { #expect(members[first] != nil) }
        let moved = members.count { order.firstIndex(of: $0.key) != $0.value }
        let tooHigh = members.values.count { $0 >= order.count }
        #expect(moved <= max(tooHigh, members[0] == nil ? 1 : 0))
      }
    }
  }
}
