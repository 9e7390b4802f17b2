import CollectiveConformance
import Collectives
import Testing

@Suite struct HierarchicalProcessGroupTests {
  @Test(arguments: [[1], [3], [1, 1], [2, 2], [3, 1, 3]])
  func conforms(sizes: [Int]) throws {
    let locals = LocalGroups()
    let problems = try conformanceProblems(sizes.reduce(0, +)) { rank in
      try hierarchical(sizes, rank: rank, inside: locals.make, between: locals.make)
    }
    #expect(problems == [])
  }

  @Test func nonconsecutiveRanksAreInvalid() throws {
    let failures = try LocalProcessGroup.run(worldSize: 4) { world in
      let local = try #require(try world.subgroup(world.rank % 2 == 0 ? [0, 2] : [1, 3]))
      let leaders = try world.subgroup([0, 1])
      return failure {
        _ = try HierarchicalProcessGroup(world: world, local: local, leaders: leaders)
      }
    }
    #expect(
      failures.allSatisfy { $0.hasPrefix("invalidArgument") && $0.contains("consecutive ranks") })
  }
}
