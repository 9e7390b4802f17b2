import Elastic
import Testing

@Suite struct WorkerGroupTests {
  let start = ContinuousClock.now

  func group(workers: Int = 2, maxRestarts: Int = 0) -> WorkerGroup {
    var group = WorkerGroup(
      workerCount: workers, maxRestarts: maxRestarts, shutdownTimeout: .seconds(30))
    #expect(group.begin() == [.start(attempt: 0)])
    return group
  }

  @Test(arguments: 1...4)
  func succeedsWhenEveryWorkerDid(workers: Int) {
    var group = group(workers: workers)
    for rank in 0..<(workers - 1) {
      #expect(group.handle(.exited(localRank: rank, .code(0)), now: start) == [])
    }
    let last = WorkerGroup.Event.exited(localRank: workers - 1, .code(0))
    #expect(group.handle(last, now: start) == [.finish(.succeeded)])
  }

  @Test(arguments: [WorkerExit.code(1), .code(255), .signal(.kill), .signal(.terminate)])
  func aFailureStopsTheOthersAndEndsTheJob(exit: WorkerExit) {
    var group = group()
    #expect(group.handle(.exited(localRank: 1, exit), now: start) == [.send(.terminate)])
    #expect(group.deadline == start + .seconds(30))
    #expect(
      group.handle(.exited(localRank: 0, .signal(.terminate)), now: start) == [.finish(.failed)])
    #expect(group.deadline == nil)
  }

  @Test func restartsAllWorkersAsOftenAsAllowed() {
    var group = group(maxRestarts: 2)
    for attempt in 1...2 {
      #expect(group.handle(.exited(localRank: 0, .code(1)), now: start) == [.send(.terminate)])
      let answer = group.handle(.exited(localRank: 1, .code(0)), now: start)
      #expect(answer == [.start(attempt: attempt)])
    }
    _ = group.handle(.exited(localRank: 0, .code(1)), now: start)
    #expect(group.handle(.exited(localRank: 1, .code(0)), now: start) == [.finish(.failed)])
  }

  @Test func aFailureAfterOthersSucceededRestartsThemToo() {
    var group = group(maxRestarts: 1)
    #expect(group.handle(.exited(localRank: 0, .code(0)), now: start) == [])
    #expect(
      group.handle(.exited(localRank: 1, .code(3)), now: start) == [.start(attempt: 1)])
  }

  @Test func workersThatDoNotStopAreKilledAtTheDeadlineAndNotBefore() {
    var group = group()
    _ = group.handle(.exited(localRank: 0, .code(1)), now: start)
    #expect(group.handle(.timePassed, now: start + .seconds(29)) == [])
    #expect(group.handle(.timePassed, now: start + .seconds(30)) == [.send(.kill)])
    #expect(group.handle(.timePassed, now: start + .seconds(99)) == [])
    #expect(
      group.handle(.exited(localRank: 1, .signal(.kill)), now: start) == [.finish(.failed)])
  }

  @Test(arguments: [Signal.interrupt, .terminate, .hangup, .quit])
  func aSignalIsPassedOnAndEndsTheJobWithoutRestart(signal: Signal) {
    var group = group(maxRestarts: 5)
    #expect(group.handle(.signalled(signal), now: start) == [.send(signal)])
    #expect(group.deadline == start + .seconds(30))
    _ = group.handle(.exited(localRank: 0, .code(0)), now: start)
    #expect(
      group.handle(.exited(localRank: 1, .code(1)), now: start)
        == [.finish(.interrupted(signal))])
  }

  @Test func aSecondInterruptKillsAtOnce() {
    var group = group()
    _ = group.handle(.signalled(.interrupt), now: start)
    #expect(group.handle(.signalled(.interrupt), now: start) == [.send(.kill)])
    #expect(group.deadline == nil)
  }

  @Test func asignalDuringTheStopAfterAFailurePreventsTheRestart() {
    var group = group(maxRestarts: 5)
    _ = group.handle(.exited(localRank: 0, .code(1)), now: start)
    #expect(group.handle(.signalled(.interrupt), now: start) == [.send(.interrupt)])
    #expect(
      group.handle(.exited(localRank: 1, .code(1)), now: start)
        == [.finish(.interrupted(.interrupt))])
  }

  @Test(arguments: ["USR1", "USR2"])
  func userSignalsAreOnlyPassedOn(name: String) throws {
    let signal = try #require(Signal(name))
    var group = group()
    #expect(group.handle(.signalled(signal), now: start) == [.send(signal)])
    #expect(!group.isStopping)
  }

  @Test func workersThatHaveSavedAreNoFailureAndAreNotRestarted() {
    var group = group(maxRestarts: 5)
    #expect(group.handle(.exited(localRank: 0, .preempted), now: start) == [])
    #expect(group.deadline == nil, "the others may take their time to save")
    #expect(
      group.handle(.exited(localRank: 1, .preempted), now: start) == [.finish(.preempted)])
  }

  /// What the ends of three workers come to, without and with SIGTERM to the launcher.
  @Test(arguments: [
    ([WorkerExit.preempted, .preempted, .preempted], true),
    ([.preempted, .code(0), .preempted], true),
    ([.preempted, .preempted, .code(0)], true),
    ([.preempted, .code(1), .preempted], false),
    ([.preempted, .preempted, .signal(.kill)], false),
  ])
  func aJobIsPreemptedIfAllWorkersHaveSavedOrFinished(ends: [WorkerExit], isPreempted: Bool) {
    for signal in [nil, Signal.terminate] {
      var group = group(workers: 3)
      if let signal { _ = group.handle(.signalled(signal), now: start) }
      var last: [WorkerGroup.Action] = []
      for (rank, exit) in ends.enumerated() {
        last = group.handle(.exited(localRank: rank, exit), now: start)
      }
      let other = signal.map { WorkerGroup.Outcome.interrupted($0) } ?? .failed
      #expect(last.last == .finish(isPreempted ? .preempted : other))
    }
  }

  @Test func aFailureAfterOthersHaveSavedIsAFailure() {
    var group = group(maxRestarts: 1)
    _ = group.handle(.exited(localRank: 0, .preempted), now: start)
    #expect(group.handle(.exited(localRank: 1, .code(1)), now: start) == [.start(attempt: 1)])
    _ = group.handle(.exited(localRank: 0, .code(0)), now: start)
    #expect(
      group.handle(.exited(localRank: 1, .code(0)), now: start) == [.finish(.succeeded)],
      "what the attempt before came to is forgotten")
  }

  @Test func afterTheEndNothingHappens() {
    var group = group(workers: 1)
    _ = group.handle(.exited(localRank: 0, .code(0)), now: start)
    #expect(group.handle(.signalled(.terminate), now: start) == [])
    #expect(group.handle(.timePassed, now: start + .seconds(99)) == [])
  }
}
