import Collectives
import Testing

@Suite struct BackendChoiceTests {
  private func place(
    _ machine: String, _ processes: String = "pid:[1]", _ backend: ProcessGroupBackend? = nil,
    isChecked: Bool = false, gpu: GPUPlace? = nil
  ) -> RankPlace {
    RankPlace(
      host: HostIdentity(boot: machine, processes: processes), backend: backend,
      isChecked: isChecked, gpu: gpu)
  }

  private func line(_ places: [RankPlace?]) throws -> String {
    try BackendChoice(places, rank: 0).line(worldSize: places.count)
  }

  @Test func ranksOnOneHostShareMemory() throws {
    #expect(
      try line([place("a"), place("a")]) == "lockstep: 2 ranks over shm (all on one host)")
  }

  @Test func ranksOnSeveralHostsShareMemoryOnEach() throws {
    let choice = try BackendChoice(
      [place("a"), place("a"), place("b"), place("b"), place("b")], rank: 0)
    #expect(choice.backend == .hierarchical && choice.hosts == [[0, 1], [2, 3, 4]])
    #expect(choice.reason == "on 2 hosts: other machines")
  }

  @Test func oneRankOnEachHostUsesGloo() throws {
    #expect(
      try line([place("a"), place("b")])
        == "lockstep: 2 ranks over gloo (each by itself: other machines)")
  }

  @Test func containersOnOneMachineUseGlooAndSaySo() throws {
    #expect(
      try line([place("a", "pid:[1]"), place("a", "pid:[2]")])
        == "lockstep: 2 ranks over gloo (each by itself: on a machine are containers that do not see "
        + "each other's processes)")
  }

  @Test func ranksThatAreNotSideBySideUseGloo() throws {
    let choice = try BackendChoice([place("a"), place("b"), place("a"), place("b")], rank: 0)
    #expect(choice.backend == .gloo && choice.reason == "the ranks of a host are not side by side")
  }

  @Test func aPythonRankMakesAllUseGloo() throws {
    #expect(
      try line([place("a"), nil, place("a")])
        == "lockstep: 3 ranks over gloo (rank 1 is PyTorch's)")
    #expect(try line([nil, place("a", "pid:[1]", .gloo)]).contains("gloo (rank 0 is PyTorch's)"))
  }

  @Test(arguments: ProcessGroupBackend.allCases.filter { $0 != .nccl })
  func whatAllAskForIsTaken(backend: ProcessGroupBackend) throws {
    let places = [place("a", "p", backend), place("a", "p", backend)]
    #expect(try line(places) == "lockstep: 2 ranks over \(backend.rawValue) (as asked for)")
  }

  @Test func whatIsOnGPUsGoesOverNCCLIfAllRanksHaveIt() throws {
    let (gpu, none) = (GPUPlace(), GPUPlace(obstacle: "cannot open NCCL"))
    for wish in [nil, ProcessGroupBackend.nccl] {
      #expect(
        try line([place("a", "p", wish, gpu: gpu), place("a", "p", wish, gpu: gpu)])
          == "lockstep: 2 ranks over shm (all on one host), GPUs over nccl")
    }
    let reasons: [([RankPlace?], String)] = [
      ([place("a", gpu: gpu), place("a")], "nccl needs a GPU for each rank, and rank 1 has none"),
      ([place("a", gpu: gpu), place("a", gpu: none)], "rank 1: cannot open NCCL"),
      ([place("a", "p", .gloo, gpu: gpu), place("a", "p", .gloo, gpu: gpu)], "as asked for"),
      ([place("a", gpu: gpu), nil], "rank 1 is PyTorch's"),
    ]
    for (places, reason) in reasons {
      let line = try line(places)
      #expect(line.hasSuffix("), GPUs copied through the host (\(reason))"), "\(line)")
    }
  }

  @Test func whatCannotBeIsRefused() {
    let (shm, tree) = (ProcessGroupBackend.sharedMemory, ProcessGroupBackend.hierarchical)
    let cases: [([RankPlace?], String)] = [
      ([place("a"), place("a", "p", shm)], "rank 0 asks for no backend, but rank 1 asks for shm"),
      ([place("a", "p", shm), place("b", "p", shm)], "rank 1 cannot share memory with rank 0"),
      ([place("a", "p", shm), nil], "rank 1 is PyTorch's, which has no shm"),
      (
        [place("a", "p", tree), place("b", "p", tree), place("a", "p", tree)],
        "but ranks 0, 2 are on one"
      ),
      ([place("a", "p", .nccl)], "nccl needs a GPU for each rank, and rank 0 has none; leave"),
      ([place("a", "p", .nccl, gpu: GPUPlace(obstacle: "no NCCL"))], "rank 0: no NCCL; leave"),
      ([place("a", "p", .nccl, gpu: GPUPlace()), nil], "rank 1 is PyTorch's, which has no nccl"),
      ([place("a"), place("a", isChecked: true)], "rank 1 compares collectives and rank 0 does"),
      ([place("a", isChecked: true), nil], "leave LOCKSTEP_DEBUG=detail out"),
    ]
    for (places, words) in cases {
      let text = failure { _ = try BackendChoice(places, rank: 0) }
      #expect(text.hasPrefix("invalidArgument") && text.contains(words), "\(text)")
    }
  }
}
