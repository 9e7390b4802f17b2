import Collectives
import Testing

@Suite struct BackendChoiceTests {
  private func place(
    _ machine: String, _ processes: String = "pid:[1]", _ backend: ProcessGroupBackend? = nil,
    isChecked: Bool = false
  ) -> RankPlace {
    RankPlace(
      host: HostIdentity(boot: machine, processes: processes), backend: backend,
      isChecked: isChecked)
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

  @Test(arguments: ProcessGroupBackend.allCases)
  func whatAllAskForIsTaken(backend: ProcessGroupBackend) throws {
    let places = [place("a", "p", backend), place("a", "p", backend)]
    #expect(try line(places) == "lockstep: 2 ranks over \(backend.rawValue) (as asked for)")
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
      ([place("a"), place("a", isChecked: true)], "rank 1 compares collectives and rank 0 does"),
      ([place("a", isChecked: true), nil], "leave LOCKSTEP_DEBUG=detail out"),
    ]
    for (places, words) in cases {
      let text = failure { _ = try BackendChoice(places, rank: 0) }
      #expect(text.hasPrefix("invalidArgument") && text.contains(words), "\(text)")
    }
  }
}
