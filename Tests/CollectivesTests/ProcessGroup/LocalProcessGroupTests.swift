import CollectiveConformance
import Collectives
import Testing

@Suite struct LocalProcessGroupTests {
  @Test(arguments: [1, 2, 3, 4, 7])
  func conforms(worldSize: Int) throws {
    let locals = LocalGroups()
    let problems = try conformanceProblems(worldSize) { try locals.make("world", $0, worldSize) }
    #expect(problems == [])
  }

  @Test func elementsAreReducedInRankOrder() throws {
    // 1e8 + 1 is 1e8 in float32, so the sum depends on the order.
    let values: [Float] = [1e8, 1, -1e8, 1]
    let sums = try LocalProcessGroup.run(worldSize: 4) { try $0.allReduce([values[$0.rank]]) }
    #expect(sums == Array(repeating: [1], count: 4))
  }

  @Test func aRankThatLeavesIsReportedAtOnce() throws {
    let failures = try LocalProcessGroup.run(worldSize: 3) { group in
      group.rank == 1 ? "left" : failure { try group.barrier() }
    }
    #expect(failures[0].hasPrefix("peerLost: [rank 0] rank 1 left"))
    #expect(failures[2].hasPrefix("peerLost: [rank 2] rank 1 left"))
  }

  @Test func aMissingRankIsReportedAfterTheTimeout() throws {
    let groups = LocalProcessGroup.make(worldSize: 2, timeout: .milliseconds(20))
    #expect { try groups[0].barrier() } throws: { error in
      (error as? CollectiveError)?.code == .timedOut
        && "\(error)".contains("ranks [1] did not start")
    }
    #expect { try groups[1].barrier() } throws: { ($0 as? CollectiveError)?.code == .timedOut }
  }

  @Test func mismatchedCollectivesAreReported() throws {
    let failures = try LocalProcessGroup.run(worldSize: 3) { group in
      failure { _ = try group.allReduce(Array(repeating: 1, count: group.rank == 2 ? 5 : 4)) }
    }
    for failure in failures {
      #expect(failure.hasPrefix("mismatch"))
      #expect(failure.contains("rank 2 starts allReduce(sum) of 5 int64 at CollectivesTests/"))
      #expect(failure.contains("rank 0 and 1 more start allReduce(sum) of 4 int64"))
    }
  }

  @Test func abortingEndsRunningCollectives() throws {
    let groups = LocalProcessGroup.make(worldSize: 2)
    let work = try groups[0].startBarrier()
    groups[1].abort("enough")
    #expect { try work.wait() } throws: { error in
      (error as? CollectiveError)?.code == .aborted && "\(error)".contains("enough")
    }
    #expect { try groups[0].barrier() } throws: { ($0 as? CollectiveError)?.code == .aborted }
  }

  @Test func subgroupsAreIndependent() throws {
    let sums = try LocalProcessGroup.run(worldSize: 4) { group in
      let odd = try group.subgroup([3, 1])
      let even = try group.subgroup([0, 2])
      return try (odd ?? even)?.allReduce([group.rank, (odd ?? even)?.rank ?? -1]) ?? []
    }
    #expect(sums == [[2, 1], [4, 1], [2, 1], [4, 1]])
  }
}
