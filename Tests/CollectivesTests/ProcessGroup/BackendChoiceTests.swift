import Collectives
import Testing

@Suite struct BackendChoiceTests {
  private func rank(
    _ machine: String, _ processes: String = "pid:[1]", _ backend: ProcessGroupBackend? = nil,
    isChecked: Bool = false, gpu: GPUInfo? = nil
  ) -> RankInfo {
    RankInfo(
      host: HostIdentity(boot: machine, processes: processes), backend: backend,
      isChecked: isChecked, gpu: gpu)
  }

  private func line(_ ranks: [RankInfo?]) throws -> String {
    try BackendChoice(ranks, rank: 0).line(worldSize: ranks.count)
  }

  @Test func ranksOnOneHostShareMemory() throws {
    #expect(
      try line([rank("a"), rank("a")]) == "2 ranks over shm (all ranks on one host)")
  }

  @Test func ranksOnSeveralHostsShareMemoryOnEach() throws {
    let choice = try BackendChoice(
      [rank("a"), rank("a"), rank("b"), rank("b"), rank("b")], rank: 0)
    #expect(choice.backend == .hierarchical && choice.hosts == [[0, 1], [2, 3, 4]])
    #expect(choice.reason == "2 hosts: different machines")
  }

  @Test func oneRankOnEachHostUsesGloo() throws {
    #expect(
      try line([rank("a"), rank("b")])
        == "2 ranks over gloo (one rank per host: different machines)")
  }

  @Test func containersOnOneMachineUseGloo() throws {
    #expect(
      try line([rank("a", "pid:[1]"), rank("a", "pid:[2]")])
        == "2 ranks over gloo (one rank per host: containers on one machine that do not see each "
        + "other's processes)")
  }

  @Test func nonconsecutiveRanksUseGloo() throws {
    let choice = try BackendChoice([rank("a"), rank("b"), rank("a"), rank("b")], rank: 0)
    #expect(choice.backend == .gloo && choice.reason == "the ranks of a host are not consecutive")
  }

  @Test func aPythonRankMakesAllUseGloo() throws {
    #expect(
      try line([rank("a"), nil, rank("a")])
        == "3 ranks over gloo (rank 1 runs PyTorch)")
    #expect(try line([nil, rank("a", "pid:[1]", .gloo)]).contains("gloo (rank 0 runs PyTorch)"))
  }

  @Test(arguments: ProcessGroupBackend.allCases.filter { $0 != .nccl })
  func theRequestedBackendIsUsed(backend: ProcessGroupBackend) throws {
    let ranks = [rank("a", "p", backend), rank("a", "p", backend)]
    #expect(try line(ranks) == "2 ranks over \(backend.rawValue) (as requested)")
  }

  @Test func gpuMemoryUsesNCCLIfAllRanksHaveIt() throws {
    let gpu = GPUInfo()
    let none = GPUInfo(obstacle: "cannot load NCCL")
    for requested in [nil, ProcessGroupBackend.nccl] {
      #expect(
        try line([rank("a", "p", requested, gpu: gpu), rank("a", "p", requested, gpu: gpu)])
          == "2 ranks over shm (all ranks on one host), GPUs over nccl")
    }
    let reasons: [([RankInfo?], String)] = [
      ([rank("a", gpu: gpu), rank("a")], "nccl needs a GPU per rank, and rank 1 has none"),
      ([rank("a", gpu: gpu), rank("a", gpu: none)], "rank 1: cannot load NCCL"),
      ([rank("a", "p", .gloo, gpu: gpu), rank("a", "p", .gloo, gpu: gpu)], "as requested"),
      ([rank("a", gpu: gpu), nil], "rank 1 runs PyTorch"),
    ]
    for (ranks, reason) in reasons {
      let line = try line(ranks)
      #expect(line.hasSuffix("), GPUs copied through the host (\(reason))"), "\(line)")
    }
  }

  @Test func impossibleRequestsAreInvalid() {
    let shm = ProcessGroupBackend.sharedMemory
    let tree = ProcessGroupBackend.hierarchical
    let cases: [([RankInfo?], String)] = [
      ([rank("a"), rank("a", "p", shm)], "rank 0 requests no backend, but rank 1 requests shm"),
      ([rank("a", "p", shm), rank("b", "p", shm)], "rank 1 cannot share memory with rank 0"),
      ([rank("a", "p", shm), nil], "rank 1 runs PyTorch, which has no backend shm"),
      (
        [rank("a", "p", tree), rank("b", "p", tree), rank("a", "p", tree)],
        "but ranks 0, 2 are on one host"
      ),
      ([rank("a", "p", .nccl)], "nccl needs a GPU per rank, and rank 0 has none: unset"),
      ([rank("a", "p", .nccl, gpu: GPUInfo(obstacle: "no NCCL"))], "rank 0: no NCCL: unset"),
      (
        [rank("a", "p", .nccl, gpu: GPUInfo()), nil],
        "rank 1 runs PyTorch, which has no backend nccl"
      ),
      ([rank("a"), rank("a", isChecked: true)], "rank 1 compares collectives, but rank 0 does"),
      ([rank("a", isChecked: true), nil], "unset LOCKSTEP_DEBUG=detail"),
    ]
    for (ranks, words) in cases {
      let text = failure { _ = try BackendChoice(ranks, rank: 0) }
      #expect(text.hasPrefix("invalidArgument") && text.contains(words), "\(text)")
    }
  }
}
