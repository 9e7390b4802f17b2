import CollectiveConformance
import Collectives
import NCCLStandIn
import Testing
import Torch
import TorchCollectives

/// With the NCCL stand-in, which checks its calls and needs no GPU.
@Suite(.serialized) struct NCCLProcessGroupTests {
  @Test(arguments: [1, 2, 3, 4, 7])
  func conforms(worldSize: Int) throws {
    let problems = try attemptOnStandIn(worldSize) { group in
      conformanceProblems(group)
    }.map { try $0.get() }
    #expect(problems == Array(repeating: [], count: worldSize))
  }

  @Test func unsupportedReductionsAreReportedWithARemedy() {
    let bits: [ReduceOp] = [.bitwiseAnd, .bitwiseOr, .bitwiseXor]
    for type in ElementType.allCases {
      for op in ReduceOp.allCases where op.supports(type) {
        let isUnsupported =
          type == .int16 || bits.contains(op) && (type != .bool || op == .bitwiseXor)
        let text = failure(Result { try NCCLReduction(op, of: type) })
        #expect(text.isEmpty == !isUnsupported, "\(op) of \(type): \(text)")
        if isUnsupported {
          #expect(text.contains("no \(op) of \(type): ") && text.contains(", or "))
        }
      }
    }
  }

  @Test func tensorsAreReducedInPlace() throws {
    let sums = try attemptOnStandIn(2) { group in
      let tensor = Tensor.full([3, 5], Double(group.rank + 1))
      try group.allReduce(tensor)
      return tensor.array(of: Float.self)
    }.map { try $0.get() }
    #expect(sums == Array(repeating: Array(repeating: 3, count: 15), count: 2))
  }

  @Test func messagesFollowTheirTagsWithinAnExchange() throws {
    let received = try attemptOnStandIn(2) { group in
      let peer = 1 - group.rank
      let sent = [7, 5].map { CollectiveMemory([$0 + group.rank * 10]) }
      let taken = [5, 7].map { _ in CollectiveMemory([0]) }
      try group.exchange([
        .send(sent[0].buffer, to: peer, tag: 7), .send(sent[1].buffer, to: peer, tag: 5),
        .receive(taken[0].buffer, from: peer, tag: 5),
        .receive(taken[1].buffer, from: peer, tag: 7),
      ])
      return taken.map { $0.values[0] }
    }.map { try $0.get() }
    #expect(received == [[15, 17], [5, 7]])
  }

  @Test func subgroupsDoNotAffectTheGroup() throws {
    let results = try attemptOnStandIn(3) { group in
      let part = try group.subgroup([2, 0])
      let sum = try part?.allReduce([group.rank + 1]) ?? []
      return (sum, part?.rank ?? -1, try group.allReduce([1]))
    }.map { try $0.get() }
    #expect(results.map(\.0) == [[4], [], [4]])
    #expect(results.map(\.1) == [1, -1, 0])
    #expect(results.map(\.2) == [[3], [3], [3]])
  }

  @Test func aMissingRankIsReportedAfterTheTimeout() {
    let results = attemptOnStandIn(2, timeout: .milliseconds(300)) { group in
      // Rank 1 waits, so that it does not leave the group before.
      guard group.rank == 0 else { return try group.store.wait(["over"], timeout: nil) }
      try group.barrier()
    }
    #expect(failure(results[0]).contains("timedOut"), "\(results)")
    #expect(failure(results[0]).contains("barrier at TorchCollectivesTests/"), "\(results)")
    #expect(failure(results[0]).contains("recreate it"), "\(results)")
  }

  @Test func abortingEndsRunningCollectivesOnAllRanks() {
    let codes = attemptOnStandIn(2) { group in
      // Rank 1 never starts the barrier; both timeouts are 30 s.
      let work = group.rank == 0 ? try group.startBarrier() : nil
      try group.monitoredBarrier("started")
      if group.rank == 1 { group.abort("enough") }
      try work?.wait()
      try group.barrier()
    }.map(failure)
    #expect(codes[0].hasPrefix("peerLost") && codes[0].contains("lost a peer"), "\(codes)")
    #expect(codes[1].hasPrefix("aborted") && codes[1].contains("enough"), "\(codes)")
  }

  @Test func anAbortEndsAWaitOfTheSameRank() throws {
    let codes = attemptOnStandIn(2) { group in
      guard group.rank == 0 else { return try group.monitoredBarrier("over") }
      let work = try group.startBarrier()
      let outcomes = onRankThreads(2) { thread in
        if thread == 0 { try work.wait() } else { group.abort("enough") }
      }
      try group.monitoredBarrier("over")
      #expect(work.isCompleted)
      try outcomes[0].get()
    }.map(failure)
    #expect(codes[0].hasPrefix("aborted"), "\(codes)")
  }

  @Test func mismatchedCollectivesAreReportedByNCCL() {
    let codes = attemptOnStandIn(2) { group in
      try group.allReduce([Int](repeating: 1, count: group.rank + 1))
    }.map(failure)
    // The first rank to detect it aborts; the other may report the abort instead.
    #expect(codes.contains { $0.contains("NCCL 2.29.7: invalid argument (4)") }, "\(codes)")
    #expect(codes.allSatisfy { $0.hasPrefix("failed") || $0.hasPrefix("peerLost") }, "\(codes)")
  }

  @Test func missingRanksAreReported() throws {
    for (rank, missing) in [
      (1, "ranks 0, 2 of 3 did not join"), (0, "ranks 1, 2 of 3 did not join"),
    ] {
      let text = failure(
        Result {
          try NCCLProcessGroup(
            store: HashStore(), rank: rank, worldSize: 3, timeout: .milliseconds(200),
            library: standIn(), device: StandInDevice())
        })
      #expect(text.hasPrefix("ranksMissing") && text.contains(missing), "\(text)")
    }
  }

  @Test func memoryOfAnotherDeviceIsInvalid() throws {
    let (text, sum) = try attemptOnStandIn(1) { group in
      let buffer = CollectiveBuffer(pretending: Tensor.zeros([3]), gpu: 1)
      return (failure(Result { try group.allReduce(buffer) }), try group.allReduce([2]))
    }[0].get()
    #expect(sum == [2])
    #expect(
      text.contains("a buffer is in memory of GPU 1, but the backend works on the host"), "\(text)")
  }

  @Test func aRankOutsideTheGroupIsInvalid() {
    let text = failure(
      Result {
        try NCCLProcessGroup(
          store: HashStore(), rank: 2, worldSize: 2, timeout: .seconds(1), library: standIn(),
          device: StandInDevice())
      })
    #expect(text.hasPrefix("invalidArgument"))
  }

  @Test func aGroupReleasedBeforeItsPeersDoesNotWaitForThem() {
    let store: any Store = HashStore(timeout: .seconds(20))
    let codes = onRankThreads(2) { rank in
      var group: NCCLProcessGroup? = try NCCLProcessGroup(
        store: store, rank: rank, worldSize: 2, timeout: .milliseconds(300), library: standIn(),
        device: StandInDevice())
      try group?.barrier()
      if rank == 0 { group = nil } else { try store.wait(["gone"], timeout: nil) }
      try store.set("gone", [1])
      try group?.barrier()
    }.map(failure)
    #expect(codes[0] == "")
    #expect(codes[1].hasPrefix("peerLost"), "\(codes)")
  }

  @Test func recreatingLeaksNoCommunicator() throws {
    let before = stand_in_communicator_count()
    for generation in 0..<20 {
      let sums = try attemptOnStandIn(3) { group in
        let sum = try group.allReduce([group.rank])
        // Every other group is aborted, once all ranks have their sums.
        try group.monitoredBarrier("summed")
        if generation % 2 == 0 { group.abort("next") }
        return sum
      }.map { try $0.get() }
      #expect(sums == [[3], [3], [3]])
    }
    #expect(stand_in_communicator_count() == before)
  }
}
