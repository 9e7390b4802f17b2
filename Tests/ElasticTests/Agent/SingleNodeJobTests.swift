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
    _ = job.handle(.stopRequested, now: start)
    #expect(job.handle(.exited(localRank: 0, .preempted), now: start) == [])
    for seconds in [4, 5, 64, 65, 3600] {
      // The others have no time limit for saving, but the wait is announced.
      let steps = job.handle(.timePassed, now: start + .seconds(seconds))
      #expect(steps == ([4, 64].contains(seconds) ? [] : [.announceWait]))
    }
    #expect(
      job.handle(.exited(localRank: 1, .preempted), now: start) == [.finish(.preempted)])
  }

  @Test(arguments: 1...4)
  func anExitWithTheStopCodeThatNobodyRequestedIsAFailure(workers: Int) {
    var job = job(workers: workers)
    #expect(job.handle(.exited(localRank: 0, .preempted), now: start) == [])
    #expect(job.group.deadline == start + WorkerGroup.requestDelay)
    let steps = job.handle(.timePassed, now: start + WorkerGroup.requestDelay)
    guard workers > 1 else {
      #expect(steps == [.announceUnrequestedStop, .finish(.failed)])
      return
    }
    #expect(steps == [.announceUnrequestedStop, .send(.terminate)])
    for rank in 1..<workers {
      let last = job.handle(.exited(localRank: rank, .signal(.terminate)), now: start)
      #expect(last == (rank == workers - 1 ? [.finish(.failed)] : []))
    }
  }

  @Test func anUnrequestedStopUsesUpARestart() {
    var job = job(workers: 1, maxRestarts: 1)
    for attempt in 1...2 {
      _ = job.handle(.exited(localRank: 0, .preempted), now: start)
      let steps = job.handle(.timePassed, now: start + .seconds(2))
      let next = attempt == 1 ? SingleNodeJob.Step.start(attempt: 1) : .finish(.failed)
      #expect(steps == [.announceUnrequestedStop, next])
    }
  }

  /// A batch system may signal the workers slightly earlier than the launcher.
  @Test(arguments: [WorkerGroup.Event.signalled(.terminate), .signalled(.user1), .stopRequested])
  func aRequestThatBecomesKnownAfterTheExitsCounts(request: WorkerGroup.Event) {
    var job = job()
    for rank in 0...1 {
      #expect(job.handle(.exited(localRank: rank, .preempted), now: start) == [])
    }
    #expect(job.handle(request, now: start + .seconds(1)).last == .finish(.preempted))
  }

  @Test(arguments: [WorkerGroup.Event.signalled(.user1), .stopRequested])
  func aRequestThatBecomesKnownWhileOthersRunCounts(request: WorkerGroup.Event) {
    var job = job()
    #expect(job.handle(.exited(localRank: 0, .preempted), now: start) == [])
    _ = job.handle(request, now: start + .seconds(1))
    #expect(job.handle(.timePassed, now: start + .seconds(3)) == [])
    #expect(
      job.handle(.exited(localRank: 1, .preempted), now: start) == [.finish(.preempted)])
  }

  @Test func aRepeatedSignalDoesNotDisturbWorkersThatSave() {
    var job = job()
    #expect(job.handle(.signalled(.terminate), now: start) == [.send(.terminate)])
    for _ in 0..<3 { #expect(job.handle(.signalled(.terminate), now: start) == []) }
    #expect(job.handle(.signalled(.hangup), now: start) == [.send(.hangup)])
    #expect(job.handle(.signalled(.hangup), now: start) == [])
    for rank in 0...1 { _ = job.handle(.exited(localRank: rank, .preempted), now: start) }
    #expect(job.handle(.signalled(.terminate), now: start) == [], "the job has ended")
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
      _ = job.handle(signal.map { .signalled($0) } ?? .stopRequested, now: start)
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
    _ = job.handle(.stopRequested, now: start)
    _ = job.handle(.exited(localRank: 0, .preempted), now: start)
    #expect(job.handle(.exited(localRank: 1, .code(1)), now: start) == [.start(attempt: 1)])
    #expect(!job.group.isStopRequested, "the request was for the previous attempt")
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
