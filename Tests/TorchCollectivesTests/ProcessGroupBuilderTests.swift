import Collectives
import Testing
import Torch
import TorchCollectives

@Suite struct ProcessGroupBuilderTests {
  /// Creates a group of ranks on the given hosts, and runs `body` on each rank.
  private func onHosts<Value: Sendable>(
    _ hosts: [String], _ backend: ProcessGroupBackend? = nil, gpu: RankGPU? = nil,
    _ body: @escaping @Sendable (any ProcessGroup) throws -> Value
  ) -> [Result<Value, any Error>] {
    let store = HashStore(timeout: .seconds(20))
    return onRankThreads(hosts.count) { rank in
      let builder = ProcessGroupBuilder(
        keys: PrefixStore("ours", store), gloo: PrefixStore("gloo", store), rank: rank,
        worldSize: hosts.count, timeout: .seconds(20), address: "127.0.0.1",
        host: HostIdentity(boot: hosts[rank], processes: "1"), gpu: gpu)
      return try body(try builder.make(backend))
    }
  }

  @Test(arguments: [
    (["a"], "shm"), (["a", "a", "a"], "shm"), (["a", "b"], "gloo"),
    (["a", "a", "b", "b"], "shm+gloo"), (["a", "b", "a"], "gloo"),
  ])
  func theBackendFollowsTheHosts(hosts: [String], backend: String) throws {
    let results = try onHosts(hosts) { group in
      (group.backend, try group.allReduce([group.rank, 1]))
    }.map { try $0.get() }
    for (chosen, sum) in results {
      #expect(chosen == backend)
      #expect(sum == [hosts.indices.reduce(0, +), hosts.count])
    }
  }

  @Test func theRequestedBackendIsUsed() throws {
    for backend in [ProcessGroupBackend.gloo, .hierarchical] {
      let backends = try onHosts(["a", "a"], backend) { $0.backend }.map { try $0.get() }
      #expect(backends == Array(repeating: backend == .gloo ? "gloo" : "shm+gloo", count: 2))
    }
  }

  @Test(arguments: [
    (nil, ["a", "a"], "cpu:shm,cuda:nccl"),
    (ProcessGroupBackend.nccl, ["a", "b"], "cpu:gloo,cuda:nccl"),
    (nil, ["a", "a", "b", "b"], "cpu:shm+gloo,cuda:nccl"), (.gloo, ["a", "a"], "gloo"),
  ])
  func gpuMemoryUsesNCCL(
    requested: ProcessGroupBackend?, hosts: [String], backend: String
  ) throws {
    let gpu = RankGPU(.success(try standIn())) { StandInDevice(gpu: 0) }
    let results = try onHosts(hosts, requested, gpu: gpu) { group in
      let tensor = Tensor([Float(group.rank)], shape: [1])
      try group.allReduce(CollectiveBuffer(pretending: tensor, gpu: 0))
      return (group.backend, tensor.array(of: Float.self), try group.allReduce([1]))
    }.map { try $0.get() }
    for (chosen, onGPU, onHost) in results {
      #expect(chosen == backend)
      #expect(onGPU == [Float(hosts.indices.reduce(0, +))])
      #expect(onHost == [hosts.count])
    }
  }

  @Test func ranksWithoutNCCLCopyGPUMemory() throws {
    let missing = CollectiveError(.unavailable, "cannot load NCCL: no such file")
    let gpu = RankGPU(.failure(missing)) { StandInDevice(gpu: 0) }
    let sums = try onHosts(["a", "a"], gpu: gpu) { group in
      let tensor = Tensor([Float(group.rank + 1)], shape: [1])
      try group.allReduce(CollectiveBuffer(pretending: tensor, gpu: 0))
      return tensor.array(of: Float.self)
    }.map { try $0.get() }
    #expect(sums == [[3], [3]])
    let failures = onHosts(["a", "a"], .nccl, gpu: gpu) { $0.rank }.map(failure)
    for text in failures {
      #expect(text.contains("rank 0: cannot load NCCL: no such file: unset LOCKSTEP_BACKEND"))
    }
  }

  @Test func groupsCanBeRecreatedUnderNewKeys() throws {
    let store = HashStore(timeout: .seconds(20))
    for (generation, worldSize) in [3, 2, 4].enumerated() {
      let sums = try onRankThreads(worldSize) { rank in
        let group = try makeProcessGroup(
          store: PrefixStore("\(generation)", store), rank: rank, worldSize: worldSize,
          timeout: .seconds(20))
        defer { group.abort("the next generation starts") }
        let sum = try group.allReduce([1])
        try group.monitoredBarrier("end")
        return sum
      }.map { try $0.get() }
      #expect(sums == Array(repeating: [worldSize], count: worldSize))
    }
  }

  @Test func differentRequestsAreInvalid() {
    let store = HashStore(timeout: .seconds(20))
    let results = onRankThreads(2) { rank in
      try makeProcessGroup(
        store: store, rank: rank, worldSize: 2, backend: rank == 0 ? .gloo : nil,
        timeout: .seconds(20)
      ).rank
    }
    for result in results {
      #expect { try result.get() } throws: { error in
        (error as? CollectiveError)?.code == .invalidArgument
          && "\(error)".contains("rank 0 requests gloo, but rank 1 requests no backend")
      }
    }
  }

  @Test func aRankWithGlooOnlyMakesAllUseGloo() throws {
    let store = HashStore(timeout: .seconds(20))
    let backends = try onRankThreads(3) { rank -> String in
      let group: any ProcessGroup =
        rank == 1
        ? try GlooProcessGroup(
          store: PrefixStore("gloo", store), rank: 1, worldSize: 3, timeout: .seconds(20),
          host: "127.0.0.1")
        : try makeProcessGroup(
          store: store, rank: rank, worldSize: 3, timeout: .seconds(20), host: "127.0.0.1")
      return "\(group.backend) \(try group.allReduce([1]))"
    }.map { try $0.get() }
    #expect(backends == Array(repeating: "gloo [3]", count: 3))
  }

  @Test func missingRanksAreReported() {
    #expect {
      try makeProcessGroup(
        store: HashStore(), rank: 1, worldSize: 3, timeout: .milliseconds(250))
    } throws: { error in
      (error as? CollectiveError)?.code == .ranksMissing
        && "\(error)".contains("ranks 0, 2 of 3 did not join")
    }
  }
}
