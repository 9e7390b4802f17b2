import Elastic
import Testing

@Suite struct WorkerGroupTests {
  let start = ContinuousClock.now

  func running(_ workers: Int = 2) -> WorkerGroup {
    var group = WorkerGroup(workerCount: workers, shutdownTimeout: .seconds(30))
    #expect(group.handle(.begin, now: start) == [.start])
    return group
  }

  @Test func aFailureIsReportedAtOnceAndTheStopWhenAllWorkersExited() {
    var group = running()
    #expect(
      group.handle(.exited(localRank: 0, .code(1)), now: start) == [
        .reportFailed, .send(.terminate),
      ])
    #expect(group.handle(.stop(isBroken: true), now: start) == [])
    #expect(
      group.handle(.exited(localRank: 1, .signal(.terminate)), now: start) == [.reportStopped])
    #expect(group.handle(.begin, now: start) == [.start])
  }

  @Test func theWorkersStopWhenTheCoordinatorStopsTheRound() {
    var group = running(1)
    #expect(group.handle(.stop(isBroken: false), now: start) == [.send(.terminate)])
    #expect(group.deadline == start + .seconds(30))
    #expect(group.handle(.timePassed, now: start + .seconds(30)) == [.send(.kill)])
    #expect(group.handle(.exited(localRank: 0, .signal(.kill)), now: start) == [.reportStopped])
  }

  @Test func workersBlockedOnLostPeersAreInterruptedSoon() {
    var group = running(1)
    #expect(group.handle(.stop(isBroken: true), now: start) == [.send(.terminate)])
    #expect(group.handle(.timePassed, now: start + .milliseconds(499)) == [])
    #expect(group.handle(.timePassed, now: start + .milliseconds(500)) == [.send(.interrupt)])
    #expect(group.deadline == start + .seconds(30))
  }

  @Test func aStopAfterAllWorkersFinishedIsReportedAtOnce() {
    var group = running(1)
    #expect(
      group.handle(.exited(localRank: 0, .code(0)), now: start) == [
        .reportFinished(preempted: false)
      ])
    #expect(group.handle(.stop(isBroken: true), now: start) == [.reportStopped])
    #expect(group.handle(.begin, now: start) == [.start])
  }

  @Test func aNewRoundStartsOnlyWhenTheLastWorkersHaveExited() {
    var group = running(1)
    #expect(group.handle(.lost(isBroken: true), now: start) == [.send(.terminate)])
    #expect(group.handle(.begin, now: start) == [])
    #expect(group.handle(.exited(localRank: 0, .signal(.terminate)), now: start) == [.start])
  }

  @Test func theEndOfTheJobStopsRunningWorkers() {
    var group = running(1)
    #expect(group.handle(.end, now: start) == [.send(.terminate)])
    #expect(
      group.handle(.exited(localRank: 0, .signal(.terminate)), now: start) == [.finish(.ended)])
  }

  @Test(arguments: [Signal.interrupt, .terminate, .hangup, .quit])
  func aSignalMakesTheNodeLeave(signal: Signal) {
    var group = running(1)
    #expect(
      group.handle(.signalled(signal), now: start) == [.reportLeaving(signal), .send(signal)])
    #expect(
      group.handle(.exited(localRank: 0, .signal(signal)), now: start)
        == [.reportStopped, .finish(.interrupted(signal))])
  }

  @Test func aSignalToAWaitingNodeMakesItLeaveAtOnce() {
    var group = WorkerGroup(workerCount: 1, shutdownTimeout: .seconds(30))
    #expect(
      group.handle(.signalled(.terminate), now: start)
        == [.reportLeaving(.terminate), .finish(.interrupted(.terminate))])
  }

  @Test func aSecondInterruptKillsAtOnce() {
    var group = running(1)
    _ = group.handle(.signalled(.interrupt), now: start)
    #expect(group.handle(.signalled(.interrupt), now: start) == [.send(.kill)])
  }

  @Test func aNodeWhoseWorkersSavedWaitsForTheOthersUntilTheDeadline() {
    var group = running(1)
    _ = group.handle(.signalled(.terminate), now: start)
    #expect(
      group.handle(.exited(localRank: 0, .preempted), now: start) == [
        .reportFinished(preempted: true)
      ]
    )
    var other = group
    #expect(group.handle(.end, now: start) == [.finish(.ended)])
    #expect(other.handle(.timePassed, now: start + .seconds(30)) == [.finish(.preempted)])
  }

  /// A node whose workers stopped on request, and which waits for the other nodes.
  func finishedPreempted() -> WorkerGroup {
    var group = running(1)
    #expect(group.handle(.stopRequested, now: start) == [.reportStopRequested])
    #expect(
      group.handle(.exited(localRank: 0, .preempted), now: start) == [
        .reportFinished(preempted: true)
      ])
    return group
  }

  /// The signal that a batch system sends to all nodes may arrive after the workers have stopped.
  @Test(arguments: [Signal.terminate, .hangup, .quit])
  func aSignalAfterAllWorkersSavedDoesNotInterruptTheNode(signal: Signal) {
    var group = finishedPreempted()
    #expect(group.handle(.signalled(signal), now: start) == [.reportLeaving(signal)])
    #expect(group.handle(.signalled(signal), now: start) == [])
    var other = group
    #expect(group.handle(.end, now: start) == [.finish(.ended)])
    #expect(other.handle(.timePassed, now: start + .seconds(30)) == [.finish(.preempted)])
  }

  @Test func aNodeWhoseWorkersSavedLeavesWithoutTheHost() {
    var group = finishedPreempted()
    #expect(group.handle(.lost(isBroken: true), now: start) == [])
    #expect(group.handle(.timePassed, now: start + .seconds(30)) == [.finish(.preempted)])
  }

  @Test func aNodeWhoseWorkersSavedAnnouncesThatItWaits() {
    var group = finishedPreempted()
    #expect(group.handle(.timePassed, now: start + .seconds(5)) == [.announceWait])
    #expect(group.deadline == start + .seconds(65))
    #expect(group.handle(.stop(isBroken: false), now: start) == [.reportStopped])
    #expect(group.deadline == nil)
  }

  @Test func aRequestOnAnotherNodeIsNotReportedTwice() {
    var group = running(2)
    #expect(group.handle(.signalled(.user1), now: start) == [.reportStopRequested, .send(.user1)])
    #expect(group.handle(.signalled(.user1), now: start) == [.send(.user1)])
    #expect(group.handle(.stopRequested, now: start) == [])
    #expect(group.isStopRequested)
  }

  @Test func aSecondInterruptEndsTheWaitForOtherNodes() {
    var group = finishedPreempted()
    #expect(group.handle(.signalled(.interrupt), now: start) == [.reportLeaving(.interrupt)])
    #expect(group.handle(.signalled(.interrupt), now: start) == [.finish(.preempted)])
  }

  @Test func restartsMayOnlyFollowARoundThatWasNotStoppedBySignal() {
    var group = running(2)
    #expect(group.mayRestart)
    _ = group.handle(.exited(localRank: 0, .code(1)), now: start)
    #expect(group.mayRestart)
    _ = group.handle(.signalled(.terminate), now: start)
    #expect(!group.mayRestart)
  }
}
