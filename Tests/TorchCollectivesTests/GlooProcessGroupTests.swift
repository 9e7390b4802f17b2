import CollectiveConformance
import Collectives
import Foundation
import RankHarness
import Testing
import Torch
import TorchCollectives
import Worker

@Suite struct GlooProcessGroupTests {
  @Test(arguments: [1, 2, 3, 4, 7])
  func conforms(worldSize: Int) throws {
    let make = gloo(HashStore(timeout: .seconds(30)))
    let problems = try conformanceProblems(worldSize) { try make("world", $0, worldSize) }
    #expect(problems == [])
  }

  @Test(arguments: [1, 2, 3, 4])
  func allReduceReducesOverAllRanks(worldSize: Int) throws {
    let expected: [(ReduceOp, [Int])] = [
      (.sum, [(1...worldSize).reduce(0, +), worldSize * 5]),
      (.product, [(1...worldSize).reduce(1, *), (1...worldSize).reduce(1) { p, _ in p * 5 }]),
      (.min, [1, 5]),
      (.max, [worldSize, 5]),
      (.bitwiseAnd, [(1...worldSize).reduce(-1, &), 5]),
      (.bitwiseOr, [(1...worldSize).reduce(0, |), 5]),
      (.bitwiseXor, [(1...worldSize).reduce(0, ^), worldSize % 2 * 5]),
    ]
    for (op, values) in expected {
      let results = try onRanks(worldSize) { group in
        try group.allReduce([group.rank + 1, 5], op)
      }
      #expect(results == Array(repeating: values, count: worldSize), "\(op)")
    }
  }

  @Test func broadcastSendsTheRootsValuesToAll() throws {
    let results = try onRanks(3) { group in
      try group.broadcast(group.rank == 2 ? [1.5, 2.5, 3.5] : [], from: 2)
    }
    #expect(results == Array(repeating: [1.5, 2.5, 3.5], count: 3))
  }

  @Test func allGatherKeepsTheOrderOfRanksAndUnevenCounts() throws {
    let results = try onRanks(3) { group in
      try group.allGather(Array(repeating: Int32(group.rank), count: 2 - group.rank))
    }
    #expect(results == Array(repeating: [[0, 0], [1], []], count: 3))
  }

  @Test func tensorsAreReducedInPlace() throws {
    let sums = try onRanks(2) { group in
      let tensor = Tensor.full([3, 5], Double(group.rank + 1))
      try group.allReduce(tensor)
      return tensor.array(of: Float.self)
    }
    #expect(sums == Array(repeating: Array(repeating: 3, count: 15), count: 2))
  }

  /// libtorch's gradients of zeros have no memory until they are copied.
  @Test(arguments: [0, 1]) func tensorWithoutMemoryIsReduced(rank: Int) throws {
    let sums = try onRanks(2) { group in
      let makeZeros = Operator("aten::_efficientzerotensor")
      func zeros() -> Tensor {
        makeZeros.tensor(.ints([3]), .dtype(.float32), .none, .none, .none)
      }
      #expect(zeros().dataAddress == nil)
      #expect {
        _ = try CollectiveBuffer(zeros())
      } throws: {
        "\($0)".contains("has no memory: pass tensor.clone()")
      }
      let tensor = group.rank == rank ? zeros() : Tensor([Float(1), 2, 3])
      try group.allReduce(tensor)
      #expect(tensor.array() == [Float(1), 2, 3])
      let other = group.rank == rank ? zeros() : Tensor([Float(4), 5, 6])
      try group.broadcast(other, from: 1 - rank)
      let received = other.array(of: Float.self)
      try group.broadcast(zeros(), from: 1 - rank)
      tensor.fill_(7)  // fails on a tensor without memory
      return [received, tensor.array(of: Float.self)]
    }
    #expect(sums == [[[4, 5, 6], [7, 7, 7]], [[4, 5, 6], [7, 7, 7]]])
  }

  /// The memory of such a tensor holds the negated values, on some ranks only.
  @Test(arguments: [[0], [1], [0, 1]]) func postponedNegationIsReduced(ranks: [Int]) throws {
    let sums = try onRanks(2) { group in
      let values = Tensor([Float(1), -2, 3])
      let isNegated = ranks.contains(group.rank)
      let tensor =
        isNegated
        ? Operator("aten::_neg_view").tensor(.tensor(Tensor([Float(-1), 2, -3]))) : values
      #expect(tensor.isNeg() == isNegated && tensor.array(of: Float.self) == [1, -2, 3])
      try group.allReduce(tensor)
      let sum = tensor.array(of: Float.self)
      #expect {
        if isNegated { _ = try CollectiveBuffer(tensor) } else { throw Expected() }
      } throws: {
        $0 is Expected || "\($0)".contains("pass tensor.resolveNeg()")
      }
      try group.broadcast(tensor, from: ranks[0])
      return [sum, tensor.array(of: Float.self)]
    }
    #expect(sums == [[[2, -4, 6], [2, -4, 6]], [[2, -4, 6], [2, -4, 6]]])
  }

  private struct Expected: Error {}

  @Test func aNoncontiguousTensorIsInvalid() throws {
    let results = attemptOnRanks(1) { group in
      try group.allReduce(Tensor.zeros([2, 3]).transpose(0, 1))
    }
    #expect { try results[0].get() } throws: { error in
      (error as? CollectiveError)?.code == .invalidArgument && "\(error)".contains("contiguous()")
    }
  }

  @Test func collectivesRunConcurrently() throws {
    let results = try onRanks(2) { group in
      let memories = (0..<8).map { CollectiveMemory([$0 + group.rank]) }
      let works = try memories.map { try group.startAllReduce($0.buffer, .sum) }
      for work in works { try work.wait() }
      let allDone = works.allSatisfy { $0.isCompleted }
      #expect(allDone)
      return memories.map { $0.values[0] }
    }
    #expect(results == Array(repeating: (0..<8).map { 2 * $0 + 1 }, count: 2))
  }

  @Test func missingRanksAreReported() {
    let store = HashStore()
    #expect {
      try GlooProcessGroup(
        store: store, rank: 1, worldSize: 4, timeout: .milliseconds(300), host: "127.0.0.1")
    } throws: { error in
      (error as? CollectiveError)?.code == .ranksMissing
        && "\(error)".contains("ranks 0, 2, 3 of 4 did not join")
        && "\(error)".contains("joined: rank 1")
    }
  }

  @Test func missingRanksAreReportedIfRankZeroRunsTheStore() throws {
    let port = try { try TCPStoreServer.start(host: "127.0.0.1").port }()  // free again
    let environment = try LaunchEnvironment([
      "RANK": "0", "WORLD_SIZE": "3", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "\(port)",
    ])
    #expect {
      try GlooProcessGroup(environment, timeout: .milliseconds(300))
    } throws: { error in
      (error as? CollectiveError)?.code == .ranksMissing
        && "\(error)".contains("ranks 1, 2 of 3 did not join")
    }
  }

  @Test func aRankThatLeavesIsReported() throws {
    let results = attemptOnRanks(2, timeout: .seconds(5)) { group in
      if group.rank == 0 { _ = try group.allReduce([1]) }
    }
    #expect { try results[0].get() } throws: { error in
      guard let code = (error as? CollectiveError)?.code else { return false }
      return code == .peerLost && "\(error)".contains("lost rank 1") || code == .timedOut
    }
  }

  @Test func aRankOutsideTheGroupIsInvalid() {
    #expect {
      try GlooProcessGroup(store: HashStore(), rank: 2, worldSize: 2)
    } throws: { ($0 as? CollectiveError)?.code == .invalidArgument }
  }

  @Test(arguments: [("0", 604_800), ("", 20)])
  func timeoutsAreRaisedWhileARankIsDebugged(debugRank: String, seconds: Int) throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1", port: 0)
    defer { server.close() }
    let environment = try LaunchEnvironment([
      "RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "\(server.port)",
      "TORCHELASTIC_USE_AGENT_STORE": "True", "LOCKSTEP_DEBUG_RANK": debugRank,
    ])
    let group = try GlooProcessGroup(environment, timeout: .seconds(20))
    #expect(group.timeout == .seconds(seconds))
  }

  @Test func abortingEndsRunningCollectivesOnAllRanks() throws {
    let codes = attemptOnRanks(2) { group in
      // Rank 1 never starts the barrier; both timeouts are 30 s.
      let work = group.rank == 0 ? try group.startBarrier() : nil
      try group.monitoredBarrier("started")
      if group.rank == 1 { group.abort("enough") }
      try work?.wait()
      try group.barrier()
    }.map { outcome -> String in
      do {
        try outcome.get()
        return ""
      } catch { return (error as? CollectiveError)?.code.description ?? "\(error)" }
    }
    #expect(["peerLost", "failed"].contains(codes[0]) && codes[1] == "aborted", "\(codes)")
  }

  @Test func rebuildingLeaksNeitherThreadsNorDescriptors() throws {
    func open() throws -> [Int] {
      try ["fd", "task"].map {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/" + $0).count
      }
    }
    let store = HashStore()
    func rebuild(_ generations: Range<Int>) throws {
      for generation in generations {
        let sums = try onRankThreads(2) { rank in
          let group = try GlooProcessGroup(
            store: store, generation: generation, rank: rank, worldSize: 2, timeout: .seconds(30),
            host: "127.0.0.1")
          let sum = try group.allReduce([rank])
          // Every other group is aborted.
          if generation % 2 == 0 { group.abort("next") }
          return sum
        }.map { try $0.get() }
        #expect(sums == [[1], [1]])
      }
    }
    try rebuild(0..<10)
    let before = try open()
    try rebuild(10..<210)
    let after = try open()
    #expect(zip(before, after).allSatisfy { $1 <= $0 + 4 }, "\(before) became \(after)")
  }
}
