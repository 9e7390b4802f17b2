import CollectiveConformance
import Collectives
import Synchronization
import Testing

@Suite struct HierarchicalProcessGroupTests {
  /// Runs ranks on hosts of the given sizes, with threads for hosts.
  private func onHosts<Value: Sendable>(
    _ sizes: [Int], _ body: @escaping @Sendable (any ProcessGroup) throws -> Value
  ) throws -> [Value] {
    let locals = Mutex(sizes.flatMap { LocalProcessGroup.make(worldSize: $0) }.map { Optional($0) })
    let firsts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
    return try LocalProcessGroup.run(worldSize: sizes.reduce(0, +)) { world in
      let local = try #require(locals.withLock { $0[world.rank].take() })
      let leaders = try world.subgroup(firsts)
      return try body(HierarchicalProcessGroup(world: world, local: local, leaders: leaders))
    }
  }

  @Test(arguments: [[1], [3], [1, 1], [2, 2], [3, 1, 3]])
  func conforms(sizes: [Int]) throws {
    let problems = try onHosts(sizes) { conformanceProblems($0) }
    #expect(problems == Array(repeating: [], count: sizes.reduce(0, +)))
  }

  @Test func ranksThatAreNotSideBySideAreRefused() throws {
    let failures = try LocalProcessGroup.run(worldSize: 4) { world in
      let local = try #require(try world.subgroup(world.rank % 2 == 0 ? [0, 2] : [1, 3]))
      let leaders = try world.subgroup([0, 1])
      return failure {
        _ = try HierarchicalProcessGroup(world: world, local: local, leaders: leaders)
      }
    }
    #expect(failures.allSatisfy { $0.hasPrefix("invalidArgument") && $0.contains("side by side") })
  }
}
