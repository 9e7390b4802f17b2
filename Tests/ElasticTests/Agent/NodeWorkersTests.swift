import Elastic
import Testing

@Suite struct NodeWorkersTests {
  let start = ContinuousClock.now

  func running(_ workers: Int = 2) -> NodeWorkers {
    var node = NodeWorkers(workerCount: workers, shutdownTimeout: .seconds(30))
    #expect(node.handle(.begin, now: start) == [.start])
    return node
  }

  @Test func aFailureIsToldAtOnceAndTheEndOfAllWorkersWhenTheyHaveEnded() {
    var node = running()
    #expect(
      node.handle(.exited(localRank: 0, .code(1)), now: start) == [.tellFailed, .send(.terminate)])
    #expect(node.handle(.stop(isBroken: true), now: start) == [])
    #expect(node.handle(.exited(localRank: 1, .signal(.terminate)), now: start) == [.tellStopped])
    #expect(node.handle(.begin, now: start) == [.start])
  }

  @Test func stopsOnTheHostsWord() {
    var node = running(1)
    #expect(node.handle(.stop(isBroken: false), now: start) == [.send(.terminate)])
    #expect(node.deadline == start + .seconds(30))
    #expect(node.handle(.timePassed, now: start + .seconds(30)) == [.send(.kill)])
    #expect(node.handle(.exited(localRank: 0, .signal(.kill)), now: start) == [.tellStopped])
  }

  @Test func workersThatWaitForLostPeersAreInterruptedSoon() {
    var node = running(1)
    #expect(node.handle(.stop(isBroken: true), now: start) == [.send(.terminate)])
    #expect(node.handle(.timePassed, now: start + .milliseconds(499)) == [])
    #expect(node.handle(.timePassed, now: start + .milliseconds(500)) == [.send(.interrupt)])
    #expect(node.deadline == start + .seconds(30))
  }

  @Test func withoutWorkersTheStopIsAnsweredAtOnce() {
    var node = running(1)
    #expect(
      node.handle(.exited(localRank: 0, .code(0)), now: start) == [.tellFinished(preempted: false)])
    #expect(node.handle(.stop(isBroken: true), now: start) == [.tellStopped])
    #expect(node.handle(.begin, now: start) == [.start])
  }

  @Test func aNewHostThatIsFasterThanTheOldWorkersHasToWaitForThem() {
    var node = running(1)
    #expect(node.handle(.lost(isBroken: true), now: start) == [.send(.terminate)])
    #expect(node.handle(.begin, now: start) == [])
    #expect(node.handle(.exited(localRank: 0, .signal(.terminate)), now: start) == [.start])
  }

  @Test func theEndOfTheJobStopsWorkersThatStillRun() {
    var node = running(1)
    #expect(node.handle(.end, now: start) == [.send(.terminate)])
    #expect(
      node.handle(.exited(localRank: 0, .signal(.terminate)), now: start) == [.finish(.ended)])
  }

  @Test(arguments: [Signal.interrupt, .terminate, .hangup, .quit])
  func aSignalMakesTheNodeLeave(signal: Signal) {
    var node = running(1)
    #expect(
      node.handle(.signalled(signal), now: start) == [.tellLeaving(signal), .send(signal)])
    #expect(
      node.handle(.exited(localRank: 0, .signal(signal)), now: start)
        == [.tellStopped, .finish(.interrupted(signal))])
  }

  @Test func aSignalToANodeThatWaitsMakesItLeaveAtOnce() {
    var node = NodeWorkers(workerCount: 1, shutdownTimeout: .seconds(30))
    #expect(
      node.handle(.signalled(.terminate), now: start)
        == [.tellLeaving(.terminate), .finish(.interrupted(.terminate))])
  }

  @Test func aSecondInterruptKillsAtOnce() {
    var node = running(1)
    _ = node.handle(.signalled(.interrupt), now: start)
    #expect(node.handle(.signalled(.interrupt), now: start) == [.send(.kill)])
  }

  @Test func workersThatHaveSavedWaitForTheOthersButNotForEver() {
    var node = running(1)
    _ = node.handle(.signalled(.terminate), now: start)
    #expect(
      node.handle(.exited(localRank: 0, .preempted), now: start) == [.tellFinished(preempted: true)]
    )
    var other = node
    #expect(node.handle(.end, now: start) == [.finish(.ended)])
    #expect(other.handle(.timePassed, now: start + .seconds(30)) == [.finish(.preempted)])
  }
}
