import CollectiveConformance
import Collectives
import RankHarness
import Testing

/// Shared memory on each host and Gloo between them, as jobs have it.
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
