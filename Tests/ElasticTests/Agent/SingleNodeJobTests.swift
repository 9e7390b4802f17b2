import Elastic
import Testing

@Suite struct SingleNodeJobTests {
  let start = ContinuousClock.now

  func job(workers: Int = 2, maxRestarts: Int = 0) -> SingleNodeJob {
    var job = SingleNodeJob(workers: workers, maxRestarts: maxRestarts)
    #expect(job.begin(now: start) == [.start(attempt: 0)])
    return job
  }

  @Test(arguments: 1...4)
  func theJobSucceedsWhenEveryWorkerSucceeds(workers: Int) {
    var job = job(workers: workers)
    for rank in 0..<(workers - 1) {
      #expect(job.handle(.exited(localRank: rank, .code(0)), now: start) == [])
    }
    let last = WorkerGroup.Event.exited(localRank: workers - 1, .code(0))
    #expect(job.handle(last, now: start) == [.finish(.succeeded)])
  }

  @Test(arguments: [WorkerExit.code(1), .code(255), .signal(.kill), .signal(.terminate)])
  func aFailureStopsTheOthersAndEndsTheJob(exit: WorkerExit) {
    var job = job()
    #expect(job.handle(.exited(localRank: 1, exit), now: start) == [.send(.terminate)])
    #expect(job.group.deadline == start + .seconds(30))
    #expect(
      job.handle(.exited(localRank: 0, .signal(.terminate)), now: start) == [.finish(.failed)])
    #expect(job.group.deadline == nil)
  }

  @Test func allWorkersRestartUpToMaxRestartsTimes() {
    var job = job(maxRestarts: 2)
    for attempt in 1...2 {
      #expect(job.handle(.exited(localRank: 0, .code(1)), now: start) == [.send(.terminate)])
      let answer = job.handle(.exited(localRank: 1, .code(0)), now: start)
      #expect(answer == [.start(attempt: attempt)])
    }
    _ = job.handle(.exited(localRank: 0, .code(1)), now: start)
    #expect(job.handle(.exited(localRank: 1, .code(0)), now: start) == [.finish(.failed)])
    #expect(job.failure?.workerCount == 2 && job.failure?.restarts == 2)
  }

  @Test func aFailureRestartsWorkersThatSucceededToo() {
    var job = job(maxRestarts: 1)
    #expect(job.handle(.exited(localRank: 0, .code(0)), now: start) == [])
    #expect(
      job.handle(.exited(localRank: 1, .code(3)), now: start) == [.start(attempt: 1)])
  }

  @Test func workersThatDoNotStopAreKilledAtTheDeadlineAndNotBefore() {
    var job = job()
    _ = job.handle(.exited(localRank: 0, .code(1)), now: start)
    #expect(job.handle(.timePassed, now: start + .seconds(29)) == [])
    #expect(job.handle(.timePassed, now: start + .seconds(30)) == [.send(.kill)])
    #expect(job.handle(.timePassed, now: start + .seconds(99)) == [])
    #expect(
      job.handle(.exited(localRank: 1, .signal(.kill)), now: start) == [.finish(.failed)])
  }

  @Test(arguments: [Signal.interrupt, .terminate, .hangup, .quit])
  func aSignalIsForwardedAndEndsTheJobWithoutARestart(signal: Signal) {
    var job = job(maxRestarts: 5)
    #expect(job.handle(.signalled(signal), now: start) == [.send(signal)])
    #expect(job.group.deadline == start + .seconds(30))
    _ = job.handle(.exited(localRank: 0, .code(0)), now: start)
    #expect(
      job.handle(.exited(localRank: 1, .code(1)), now: start)
        == [.finish(.interrupted(signal))])
  }

  @Test func aSecondInterruptKillsAtOnce() {
    var job = job()
    _ = job.handle(.signalled(.interrupt), now: start)
    #expect(job.handle(.signalled(.interrupt), now: start) == [.send(.kill)])
    #expect(job.group.deadline == nil)
  }

  @Test func aSignalDuringTheStopAfterAFailurePreventsTheRestart() {
    var job = job(maxRestarts: 5)
    _ = job.handle(.exited(localRank: 0, .code(1)), now: start)
    #expect(job.handle(.signalled(.interrupt), now: start) == [.send(.interrupt)])
    #expect(
      job.handle(.exited(localRank: 1, .code(1)), now: start)
        == [.finish(.interrupted(.interrupt))])
  }

  @Test(arguments: ["USR1", "USR2"])
  func userSignalsAreOnlyForwarded(name: String) throws {
    let signal = try #require(Signal(name))
    var job = job()
    #expect(job.handle(.signalled(signal), now: start) == [.send(signal)])
    #expect(!job.group.isStopping)
  }

  @Test func workersThatSavedAndStoppedAreNoFailureAndAreNotRestarted() {
    var job = job(maxRestarts: 5)
    #expect(job.handle(.exited(localRank: 0, .preempted), now: start) == [])
    #expect(job.group.deadline == nil, "the others have no time limit for saving")
    #expect(
      job.handle(.exited(localRank: 1, .preempted), now: start) == [.finish(.preempted)])
  }

  /// Exits of three workers, and whether the job is preempted, without and with SIGTERM to the
  /// launcher.
  @Test(arguments: [
    ([WorkerExit.preempted, .preempted, .preempted], true),
    ([.preempted, .code(0), .preempted], true),
    ([.preempted, .preempted, .code(0)], true),
    ([.preempted, .code(1), .preempted], false),
    ([.preempted, .preempted, .signal(.kill)], false),
  ])
  func aJobIsPreemptedIfAllWorkersSavedOrFinished(exits: [WorkerExit], isPreempted: Bool) {
    for signal in [nil, Signal.terminate] {
      var job = job(workers: 3)
      if let signal { _ = job.handle(.signalled(signal), now: start) }
      var last: [SingleNodeJob.Step] = []
      for (rank, exit) in exits.enumerated() {
        last = job.handle(.exited(localRank: rank, exit), now: start)
      }
      let other = signal.map { SingleNodeJob.Outcome.interrupted($0) } ?? .failed
      #expect(last.last == .finish(isPreempted ? .preempted : other))
    }
  }

  @Test func aFailureAfterOthersSavedIsAFailure() {
    var job = job(maxRestarts: 1)
    _ = job.handle(.exited(localRank: 0, .preempted), now: start)
    #expect(job.handle(.exited(localRank: 1, .code(1)), now: start) == [.start(attempt: 1)])
    _ = job.handle(.exited(localRank: 0, .code(0)), now: start)
    #expect(
      job.handle(.exited(localRank: 1, .code(0)), now: start) == [.finish(.succeeded)],
      "exits of the previous attempt do not count")
  }

  @Test func eventsAfterTheEndAreIgnored() {
    var job = job(workers: 1)
    _ = job.handle(.exited(localRank: 0, .code(0)), now: start)
    #expect(job.handle(.signalled(.terminate), now: start) == [])
    #expect(job.handle(.timePassed, now: start + .seconds(99)) == [])
  }
}
