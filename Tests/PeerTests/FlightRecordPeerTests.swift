import Collectives
import Foundation
import ProcessHarness
import Testing

/// Runs PyTorch's analyzer, `torchfrtrace`, on the flight records of groups of threads.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct FlightRecordPeerTests {
  /// Runs `body` on each rank, writes the records, and returns what the analyzer prints.
  ///
  /// Errors of `body` are expected: a rank fails if its peers start other collectives, or leave.
  func analysis(
    ofRanks worldSize: Int, capacity: Int = 2000, options: [String] = [],
    _ body: @escaping @Sendable (any ProcessGroup, FlightRecorder) throws -> Void
  ) async throws -> String {
    let folder = try TestFolder()
    let path = folder.path
    try await onThread {
      _ = try LocalProcessGroup.run(worldSize: worldSize) { base in
        let recorder = FlightRecorder(
          capacity: capacity, file: "\(path)/trace_\(base.rank)",
          jsonFile: "\(path)/trace_.json/\(base.rank).json")
        try? body(RecordedProcessGroup(base, recorder), recorder)
        if !FileManager.default.fileExists(atPath: recorder.file ?? "") { recorder.dump() }
      }
    }
    let analyzer = Peers.torchrun.replacing("torchrun", with: "torchfrtrace")
    let result = try await ChildProcess.run(
      analyzer, [path] + options, environment: Peers.offline, within: .seconds(120))
    let output = result.output + result.errors
    try #require(result.code == 0, "\(output)")
    return output
  }

  /// Whether the analyzer reports a fault.
  func hasFault(_ output: String) -> Bool {
    [
      "Not all ranks joining", "has errors", "Input/output mismatch", "MISMATCH", "cannot decide",
      "Too many",
    ].contains { output.contains($0) }
  }

  /// Starts each kind of collective, some with sizes that differ between the ranks.
  @Sendable static func everything(_ group: any ProcessGroup, _: FlightRecorder) throws {
    let rank = group.rank
    let size = group.worldSize
    func floats(_ count: Int) -> CollectiveBuffer {
      CollectiveMemory<Float>(Array(repeating: 1, count: count)).buffer
    }
    try group.allReduce(floats(3))
    try group.allReduce([floats(2), floats(5)])
    try group.reduce(floats(4), to: 1)
    try group.reduceScatter(floats(2 * size), into: floats(2))
    try group.allGather(floats(2), into: floats(2 * size))
    try group.allGather(floats(rank + 1), into: (0..<size).map { floats($0 + 1) })
    try group.allToAll(
      (0..<size).map { floats(rank + $0) }, into: (0..<size).map { floats($0 + rank) })
    try group.broadcast(floats(7), from: size - 1)
    try group.gather(floats(2), into: rank == 0 ? floats(2 * size) : nil, to: 0)
    try group.scatter(rank == 1 ? floats(3 * size) : nil, into: floats(3), from: 1)
    try group.barrier()
  }

  /// Sends to the next rank, receives from the previous one, and sends from rank 0 to rank 2.
  @Sendable static func messages(_ group: any ProcessGroup, _: FlightRecorder) throws {
    let memory = CollectiveMemory<Float>([1, 2, 3])
    let received = CollectiveMemory<Float>([0, 0, 0])
    let next = (group.rank + 1) % group.worldSize
    let previous = (group.rank + group.worldSize - 1) % group.worldSize
    for tag in [0, 7] {
      try group.exchange([
        .send(memory.buffer, to: next, tag: tag),
        .receive(received.buffer, from: previous, tag: tag),
      ])
    }
    if group.rank == 0 { try group.send(memory.buffer, to: 2) }
    if group.rank == 2 { try group.receive(received.buffer, from: 0) }
    try group.barrier()
  }

  @Test(arguments: [2, 3, 5])
  func matchingCollectivesHaveNoFault(worldSize: Int) async throws {
    let output = try await analysis(ofRanks: worldSize, options: ["-v"], Self.everything)
    #expect(!hasFault(output), "\(output)")
    for name in [
      "all_reduce", "allreduce_coalesced", "reduce", "reduce_scatter", "all_gather",
      "_all_gather_base", "all_to_all", "broadcast", "gather", "scatter", "barrier",
    ] {
      #expect(output.contains("gloo:\(name)"), "\(name)")
    }
  }

  @Test func matchingMessagesHaveNoFault() async throws {
    let output = try await analysis(ofRanks: 4, Self.messages)
    #expect(!hasFault(output), "\(output)")
  }

  @Test(arguments: [0, 1, 2])
  func aRankThatSkipsACollectiveIsNamed(rank: Int) async throws {
    let output = try await analysis(ofRanks: 3) { group, _ in
      try group.barrier()
      try group.allReduce(CollectiveMemory<Float>([1, 2]).buffer)
      if group.rank == rank { return }
      try group.broadcast(CollectiveMemory<Float>([1, 2]).buffer, from: (rank + 1) % 3)
    }
    #expect(output.contains("Not all ranks joining collective, sequence number: 3"), "\(output)")
    #expect(output.contains("collective: gloo:broadcast"), "\(output)")
    #expect(output.contains("missing ranks: {\(rank)}"), "\(output)")
    #expect(output.contains("FlightRecordPeerTests.swift:"), "\(output)")
  }

  /// What rank 2 starts instead of an all-reduce of two floats.
  @Test(arguments: [
    (0, "COLLECTIVE_TYPE_MISMATCH"), (1, "SIZE_OR_SYNTAX_MISMATCH"),
    (2, "COLLECTIVE_DTYPE_MISMATCH"), (3, "COLLECTIVE_TYPE_MISMATCH"),
    (4, "COLLECTIVE_TYPE_MISMATCH"),
  ])
  func aRankWithAnotherCollectiveIsNamed(difference: Int, fault: String) async throws {
    let output = try await analysis(ofRanks: 4) { group, _ in
      try group.allReduce(CollectiveMemory<Float>([1]).buffer)
      let usual = CollectiveMemory<Float>([1, 2])
      switch group.rank == 2 ? difference : -1 {
      case 0: try group.barrier()
      case 1: try group.allReduce(CollectiveMemory<Float>([1, 2, 3]).buffer)
      case 2: try group.allReduce(CollectiveMemory<Int32>([1, 2]).buffer)
      case 3: try group.broadcast(usual.buffer, from: 2)
      case 4: try group.reduce(usual.buffer, to: 0)
      default: try group.allReduce(usual.buffer)
      }
    }
    #expect(output.contains("Collective sequence number: 2 has errors"), "\(output)")
    #expect(output.contains("collective: gloo:all_reduce"), "\(output)")
    #expect(output.contains("Culprit rank 2; Error type: \(fault)"), "\(output)")
    #expect(!output.contains("Culprit rank 1") && !output.contains("Culprit rank 3"), "\(output)")
  }

  /// The analyzer names a subgroup's members by their ranks in the job.
  @Test func aMissingMemberOfASubgroupIsNamedByItsRankInTheJob() async throws {
    let output = try await analysis(ofRanks: 4) { group, _ in
      _ = try group.subgroup([0, 2])
      let odd = try group.subgroup([1, 3])
      try group.barrier()
      if group.rank != 3 { try odd?.barrier() }
    }
    #expect(output.contains("missing ranks: {3}"), "\(output)")
    #expect(output.contains("expected ranks: {1, 3}"), "\(output)")
    #expect(output.contains("group info: default_pg/2:local"), "\(output)")
  }

  /// The option `-j` prints a table with a column for each rank, and the call stacks.
  @Test func callsOfAllRanksAreListed() async throws {
    let options = ["-j", "--print_stack_trace"]
    let output = try await analysis(ofRanks: 3, options: options) { group, _ in
      try group.allReduce(CollectiveMemory<Float>([1, 2]).buffer)
      if group.rank != 1 { try group.barrier() }
    }
    func count(_ text: String) -> Int { output.components(separatedBy: text).count - 1 }
    #expect(["Rank 0", "Rank 1", "Rank 2"].map(count) == [1, 1, 1], "\(output)")
    #expect(count("all_reduce(input_sizes=[[2]], state=") == 3, "\(output)")
    #expect(count("barrier(input_sizes=") == 2, "\(output)")
    #expect(count("'PeerTests/FlightRecordPeerTests.swift'") == 2, "\(output)")
  }

  @Test func aMessageWithoutReceiverIsNamed() async throws {
    let output = try await analysis(ofRanks: 3) { group, _ in
      try group.barrier()
      if group.rank == 2 { try group.send(CollectiveMemory<Float>([1]).buffer, to: 1) }
    }
    #expect(output.contains("missing ranks: {1}"), "\(output)")
    #expect(output.contains("collective: gloo:send 1->0"), "\(output)")
    #expect(output.contains("group info: default_pg: 2->1:local"), "\(output)")
  }

  /// A rank that has not waited for a finished collective yet does not seem to hang in it.
  @Test func aFinishedCollectiveIsCompleteBeforeTheWait() async throws {
    let output = try await analysis(ofRanks: 2) { group, recorder in
      let work = try group.startAllReduce(CollectiveMemory<Float>([1, 2]).buffer)
      if group.rank == 0 { return try work.wait() }
      while !work.isCompleted { usleep(1000) }
      recorder.dump()
      try work.wait()
    }
    #expect(!hasFault(output), "\(output)")
  }

  @Test func recordsWhoseOldestEntriesAreOverwrittenAreCompared() async throws {
    let output = try await analysis(ofRanks: 3, capacity: 5) { group, _ in
      for _ in 0..<12 { try group.allReduce(CollectiveMemory<Float>([1, 2]).buffer) }
      if group.rank != 1 { try group.barrier() }
    }
    #expect(output.contains("Not all ranks joining collective, sequence number: 13"), "\(output)")
    #expect(output.contains("missing ranks: {1}"), "\(output)")
  }
}
