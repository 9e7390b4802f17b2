import CollectiveConformance
import Collectives
import RankHarness
import Testing

/// With shared memory on each host and Gloo between hosts, as in jobs.
@Suite struct HierarchicalProcessGroupTests {
  @Test(arguments: [[1], [1, 1], [2, 1], [2, 2], [3, 1, 3]])
  func conforms(sizes: [Int]) throws {
    let store = HashStore(timeout: .seconds(30))
    let problems = try conformanceProblems(sizes.reduce(0, +)) { rank in
      try hierarchical(sizes, rank: rank, inside: sharedMemory(store), between: gloo(store))
    }
    #expect(problems == [])
  }
}
