import Elastic
import Testing

@Suite struct RankOrderTests {
  /// Before, who is left with which rank, who comes, and who has which rank then.
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
  func whoStaysKeepsItsRankWhereItCan(
    members: [String: Int], newcomers: [String], order: [String]
  ) {
    #expect(RankOrder.order(members: members, newcomers: newcomers) == order)
  }

  @Test func everyNodeGetsOneRankWhoeverIsLeft() {
    for left in 0..<64 {
      for coming in 0...3 {
        let members = Dictionary(
          uniqueKeysWithValues: (0..<6).filter { left >> $0 & 1 == 1 }.map { ($0, $0) })
        let newcomers = Array(10..<(10 + coming))
        let order = RankOrder.order(members: members, newcomers: newcomers)
        #expect(Set(order) == Set(members.keys).union(newcomers))
        #expect(order.count == members.count + coming)
        if let first = order.first, !members.isEmpty { #expect(members[first] != nil) }
        let moved = members.count { order.firstIndex(of: $0.key) != $0.value }
        let tooHigh = members.values.count { $0 >= order.count }
        #expect(moved <= max(tooHigh, members[0] == nil ? 1 : 0))
      }
    }
  }
}
