import Elastic
import Testing
import Worker

/// A coordinator in simulated time, and its nodes.
struct Simulation {
  var coordinator: Coordinator
  var now = ContinuousClock.now
  /// The messages sent on each session.
  var sent: [Int: [HostMessage]] = [:]
  var closed: Set<Int> = []
  private var lastSession = 0

  init(limits: CoordinatorLimits = CoordinatorLimits(), isRegistered: Bool = false) {
    coordinator = Coordinator(limits: limits, host: "node0", isRegistered: isRegistered)
  }

  init(takingOver last: NodeAssignment, exited: Int, winsTies: Bool) {
    coordinator = Coordinator(
      limits: CoordinatorLimits(), host: "successor", takingOver: last, exited: exited,
      winsTies: winsTies, now: now)
  }

  mutating func handle(_ event: Coordinator.Event) {
    if case .disconnected(let session) = event { sent[session] = nil }
    for action in coordinator.handle(event, now: now) {
      switch action {
      case .send(let session, let message): sent[session, default: []].append(message)
      case .close(let session, let message):
        closed.insert(session)
        if let message { sent[session, default: []].append(message) }
      }
    }
  }

  static func hello(
    _ name: String, nodes: ClosedRange<Int>, workers: Int = 1, maxRestarts: Int = 0,
    nodeRank: Int? = nil
  ) -> NodeHello {
    NodeHello(
      job: "job", minNodes: nodes.lowerBound, maxNodes: nodes.upperBound, maxRestarts: maxRestarts,
      nodeRank: nodeRank, identity: name, hostName: name, pid: 1,
      address: NodeAddress(host: "10.0.0.\(name.filter(\.isNumber))", port: 1),
      workerCount: workers, role: "default")
  }

  /// Connects a node and returns its session.
  mutating func connect(_ hello: NodeHello) -> Int {
    lastSession += 1
    handle(.connected(lastSession, hello))
    return lastSession
  }

  /// Advances the time in small steps, in which all nodes except the silent ones send heartbeats.
  mutating func pass(_ duration: Duration, silent: Set<Int> = []) {
    let end = now + duration
    while now < end {
      now = min(end, now + .milliseconds(100))
      for session in sent.keys where !silent.contains(session) && !closed.contains(session) {
        handle(.received(session, .heartbeat))
      }
      handle(.timePassed)
    }
  }

  /// Lets rank 0's node start the store of the last round for which it was asked.
  mutating func startStore() {
    for (session, messages) in sent.sorted(by: { $0.key < $1.key }) {
      if case .startStore(let round)? = messages.last {
        handle(.received(session, .storeStarted(round: round, port: 7)))
        return
      }
    }
  }

  /// Lets the nodes whose last message is to stop report that they stopped.
  mutating func stopAll(except silent: Set<Int> = []) {
    for (session, messages) in sent.sorted(by: { $0.key < $1.key }) where !silent.contains(session)
    {
      if case .stop(let round, _)? = messages.last {
        handle(.received(session, .stopped(round: round, [])))
      }
    }
  }

  func last(_ session: Int) -> HostMessage? { sent[session]?.last }

  func assignment(_ session: Int) -> NodeAssignment? {
    if case .begin(let assignment)? = last(session) { assignment } else { nil }
  }

  func end(_ session: Int) -> JobEnd? {
    if case .end(let end)? = last(session) { end } else { nil }
  }

  /// A job whose nodes are all running.
  static func running(
    _ count: Int, nodes: ClosedRange<Int>, maxRestarts: Int = 0, workers: Int = 1,
    isRegistered: Bool = false
  ) -> Simulation {
    var simulation = Simulation(isRegistered: isRegistered)
    for node in 0..<count {
      _ = simulation.connect(
        hello("node\(node)", nodes: nodes, workers: workers, maxRestarts: maxRestarts))
    }
    if count < nodes.upperBound { simulation.pass(.seconds(31)) }
    simulation.startStore()
    return simulation
  }
}

func failure(_ rank: Int, at seconds: Double, _ exit: WorkerExit = .code(3)) -> FailureSummary {
  FailureSummary(
    WorkerFailure(
      rank: rank, localRank: 0, pid: 9, exit: exit, time: .seconds(seconds), wasSignalled: false),
    on: "node\(rank)")
}

@Suite struct CoordinatorTests {
  @Test(arguments: [2, 3, 8])
  func aRoundStartsWhenTheLastNodeJoinsAndNotBefore(count: Int) throws {
    var simulation = Simulation()
    for node in 0..<count {
      #expect(simulation.sent.values.joined().allSatisfy { $0 != .startStore(round: 0) })
      _ = simulation.connect(Simulation.hello("node\(node)", nodes: count...count, workers: 2))
    }
    #expect(simulation.last(1) == .startStore(round: 0))
    simulation.startStore()
    for session in 1...count {
      let assignment = try #require(simulation.assignment(session))
      #expect(assignment.groupRank == session - 1)
      #expect(assignment.groupWorldSize == count)
      #expect(assignment.firstRank == 2 * (session - 1))
      #expect(assignment.worldSize == 2 * count)
      #expect(assignment.master == NodeAddress(host: "10.0.0.0", port: 7))
    }
  }

  @Test func ranksFollowTheNumericOrderOfAddresses() {
    var simulation = Simulation()
    for name in ["node10", "node9", "node2"] {
      _ = simulation.connect(Simulation.hello(name, nodes: 3...3))
    }
    simulation.startStore()
    #expect((1...3).map { simulation.assignment($0)?.groupRank } == [2, 1, 0])
  }

  @Test func staticRanksAreTheGivenNodeRanks() {
    var simulation = Simulation()
    for rank in [2, 0, 1] {
      _ = simulation.connect(Simulation.hello("node\(rank)", nodes: 3...3, nodeRank: rank))
    }
    simulation.startStore()
    #expect((1...3).map { simulation.assignment($0)?.groupRank } == [2, 0, 1])
  }

  @Test func ranksCountWorkersAndRoles() {
    var simulation = Simulation()
    for (node, workers) in [2, 1, 3].enumerated() {
      var hello = Simulation.hello("node\(node)", nodes: 3...3, workers: workers)
      hello.role = node == 1 ? "reader" : "trainer"
      _ = simulation.connect(hello)
    }
    simulation.startStore()
    #expect((1...3).map { simulation.assignment($0)?.firstRank } == [0, 2, 3])
    #expect((1...3).map { simulation.assignment($0)?.firstRoleRank } == [0, 0, 2])
    #expect((1...3).map { simulation.assignment($0)?.roleWorldSize } == [5, 1, 5])
  }

  @Test func enoughNodesWaitForTheLastCallOnly() {
    var simulation = Simulation()
    for node in 0..<2 { _ = simulation.connect(Simulation.hello("node\(node)", nodes: 2...4)) }
    simulation.pass(.seconds(29))
    #expect(!simulation.sent.values.joined().contains(.startStore(round: 0)))
    simulation.pass(.seconds(2))
    #expect(simulation.sent.values.joined().contains(.startStore(round: 0)))
  }

  @Test func tooFewNodesEndTheJobAfterTheJoinTimeout() throws {
    var simulation = Simulation()
    let session = simulation.connect(Simulation.hello("node0", nodes: 2...2))
    simulation.pass(.seconds(599))
    #expect(simulation.end(session) == nil)
    simulation.pass(.seconds(2))
    guard case .error(let error)? = simulation.end(session) else {
      Issue.record("no error")
      return
    }
    #expect(error.kind == .timedOut)
    #expect(
      error.message.contains("only 1 of at least 2 nodes joined within 600 s (node0 (10.0.0.0))"))
  }

  // MARK: Failures

  @Test func aFailureStopsAllNodesAtOnceAndRestartsThemWhenAllHaveStopped() {
    var simulation = Simulation.running(3, nodes: 3...3, maxRestarts: 1)
    simulation.handle(.received(2, .failed(round: 0)))
    for session in 1...3 {
      #expect(simulation.last(session) == .stop(round: 0, .failure(node: "node1 (10.0.0.1)")))
    }
    simulation.stopAll(except: [3])
    #expect(!simulation.sent.values.joined().contains(.startStore(round: 1)))
    simulation.stopAll()
    simulation.startStore()
    for session in 1...3 {
      #expect(simulation.assignment(session)?.round == 1)
      #expect(simulation.assignment(session)?.restarts == 1)
      #expect(simulation.assignment(session)?.groupRank == session - 1)
    }
  }

  @Test func withoutARestartLeftAllNodesReceiveTheFailuresWithTheCauseFirst() {
    var simulation = Simulation.running(3, nodes: 3...3)
    simulation.handle(.received(1, .failed(round: 0)))
    simulation.handle(.received(1, .stopped(round: 0, [failure(0, at: 5.002)])))
    simulation.handle(.received(2, .stopped(round: 0, [failure(1, at: 5.001, .code(42))])))
    simulation.handle(.received(3, .stopped(round: 0, [failure(2, at: 5.003)])))
    for session in 1...3 {
      guard case .failed(let summaries, let workerCount, let restarts)? = simulation.end(session)
      else {
        Issue.record("session \(session) received no failure")
        continue
      }
      #expect(workerCount == 3 && restarts == 0)
      #expect(summaries.map(\.failure.rank) == [1, 0, 2])
      let cause = WorkerFailure.rootCause(of: summaries.map(\.failure))
      #expect(cause?.jobExitCode == 42 && cause?.hostName == "node1")
    }
  }

  @Test func allNodesOfARestartLearnItsCause() {
    var simulation = Simulation.running(2, nodes: 2...2, maxRestarts: 2)
    simulation.handle(.received(1, .failed(round: 0)))
    let peer = WorkerFailure(
      rank: 0, localRank: 0, pid: 9, exit: .code(1), time: .seconds(4), wasSignalled: false,
      record: ErrorRecord(message: "lost a peer", blamedRanks: [1]))
    simulation.handle(.received(1, .stopped(round: 0, [FailureSummary(peer, on: "node0")])))
    simulation.handle(.received(2, .stopped(round: 0, [failure(1, at: 5, .code(42))])))
    simulation.startStore()
    for session in 1...2 {
      let cause = simulation.assignment(session)?.restartCause?.failure
      #expect(cause?.summary == "rank 1 on node1 failed: exit code 42")
    }
    simulation.handle(.disconnected(2))
    simulation.stopAll()
    _ = simulation.connect(Simulation.hello("node7", nodes: 2...2))
    simulation.startStore()
    #expect(simulation.assignment(1)?.round == 2)
    #expect(simulation.assignment(1)?.restartCause == nil, "no worker failed before this round")
  }

  // MARK: Requests to stop

  @Test(arguments: [NodeMessage.stopRequested(round: 0), .leaving(signal: 15)])
  func aRequestToStopIsPassedOnToTheOtherNodes(message: NodeMessage) {
    var simulation = Simulation.running(3, nodes: 3...3)
    simulation.handle(.received(2, message))
    for session in [1, 3] { #expect(simulation.last(session) == .stopRequested(round: 0)) }
    #expect(simulation.assignment(2) != nil, "the node itself knows")
  }

  @Test func aRequestOfAnEarlierRoundIsIgnored() {
    var simulation = Simulation.running(2, nodes: 2...2)
    simulation.handle(.received(2, .stopRequested(round: 7)))
    #expect(simulation.assignment(1) != nil)
  }

  @Test func nodesThatStoppedOnRequestDoNotSucceedAtTheExitBarrier() {
    var simulation = Simulation.running(2, nodes: 2...2)
    simulation.handle(.received(2, .finished(round: 0, preempted: true)))
    simulation.pass(.seconds(301))
    #expect(simulation.end(2) == .preempted)
  }

  @Test func restartsAreCountedForTheJobAndNotForANode() {
    var simulation = Simulation.running(2, nodes: 2...2, maxRestarts: 2)
    for (round, session) in [1, 2].enumerated() {
      simulation.handle(.received(session, .failed(round: round)))
      simulation.stopAll()
      simulation.startStore()
    }
    simulation.handle(.received(1, .failed(round: 2)))
    simulation.handle(.received(1, .stopped(round: 2, [failure(0, at: 1)])))
    simulation.stopAll()
    #expect(simulation.end(1) != nil && simulation.end(2) != nil)
  }

  @Test func aFailureInAnEarlierRoundIsIgnored() {
    var simulation = Simulation.running(2, nodes: 2...2, maxRestarts: 2)
    simulation.handle(.received(1, .failed(round: 0)))
    simulation.stopAll()
    simulation.startStore()
    simulation.handle(.received(2, .failed(round: 0)))
    #expect(simulation.assignment(2)?.round == 1)
  }

  @Test func aNodeThatCannotStartItsWorkersEndsTheJob() {
    var simulation = Simulation.running(2, nodes: 2...2, maxRestarts: 2)
    simulation.handle(.received(2, .aborted(message: "no such program", exitCode: 127)))
    let error = JobError(.node, "node node1 (10.0.0.1): no such program", exitCode: 127)
    #expect(simulation.end(1) == .error(error))
  }

  // MARK: Lost nodes

  @Test func aLostNodeRestartsTheOthersWithoutWaitingForMoreNodes() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.handle(.disconnected(2))
    #expect(
      simulation.last(1) == .stop(round: 0, .departure(node: "node1 (10.0.0.1)", isSilent: false)))
    simulation.stopAll()
    simulation.startStore()
    #expect(simulation.assignment(1)?.groupWorldSize == 2)
    #expect(simulation.assignment(1)?.restarts == 0, "it is no restart after a failure")
    #expect(simulation.assignment(3)?.groupRank == 1)
  }

  @Test func aSilentNodeIsLostAfterTheLimitAndNotBefore() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.pass(.seconds(1.4), silent: [2])
    #expect(simulation.assignment(1) != nil)
    simulation.pass(.seconds(0.3), silent: [2])
    #expect(simulation.closed == [2])
    #expect(
      simulation.last(1) == .stop(round: 0, .departure(node: "node1 (10.0.0.1)", isSilent: true)))
  }

  @Test func aPauseOfTheHostDoesNotCountAsSilenceOfTheNodes() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.pass(.seconds(1))
    simulation.now += .seconds(60)
    simulation.handle(.timePassed)
    #expect(simulation.closed.isEmpty)
  }

  @Test func aFailureThatALostNodeCausedCostsNoRestart() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.handle(.received(1, .failed(round: 0)))
    simulation.handle(.disconnected(2))
    simulation.stopAll()
    simulation.startStore()
    #expect(simulation.assignment(1)?.restarts == 0)
  }

  @Test func aFailureWhileANodeLeavesCostsNoRestart() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.handle(.received(2, .leaving(signal: 15)))
    simulation.handle(.received(1, .failed(round: 0)))
    simulation.stopAll()
    simulation.handle(.disconnected(2))
    simulation.startStore()
    #expect(simulation.assignment(1)?.groupWorldSize == 2)
    #expect(simulation.assignment(1)?.restarts == 0)
  }

  @Test func withTooFewNodesLeftTheJobWaitsForANode() {
    var simulation = Simulation.running(2, nodes: 2...2)
    simulation.handle(.disconnected(1))
    simulation.stopAll()
    simulation.pass(.seconds(100))
    let session = simulation.connect(Simulation.hello("node7", nodes: 2...2))
    simulation.startStore()
    #expect(
      simulation.assignment(2)?.groupRank == 0, "the remaining node has rank 0, not the new one")
    #expect(simulation.assignment(session)?.groupRank == 1)
  }

  @Test func aNodeThatReconnectsKeepsItsRank() {
    var simulation = Simulation.running(2, nodes: 2...2)
    var hello = Simulation.hello("node0", nodes: 2...2)
    hello.lastRound = NodeHello.LastRound(term: 0, round: 0, groupRank: 0)
    let session = simulation.connect(hello)
    #expect(simulation.closed == [1])
    simulation.stopAll(except: [1])
    simulation.startStore()
    #expect(simulation.assignment(session)?.groupRank == 0)
    #expect(simulation.assignment(2)?.groupRank == 1)
  }

  @Test func theNodeThatStartsTheStoreMayLeave() {
    var simulation = Simulation()
    for node in 0..<3 { _ = simulation.connect(Simulation.hello("node\(node)", nodes: 2...3)) }
    simulation.handle(.disconnected(1))
    simulation.startStore()
    #expect(simulation.assignment(2)?.groupWorldSize == 2)
  }

  @Test func aNodeThatDoesNotStopItsWorkersIsDropped() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.handle(.disconnected(1))
    simulation.stopAll(except: [2])
    simulation.pass(.seconds(61))
    #expect(simulation.closed == [2])
  }

  // MARK: New nodes

  @Test func aNodeThatJoinsARunningJobTakesPart() {
    var simulation = Simulation.running(2, nodes: 2...4)
    let session = simulation.connect(Simulation.hello("node2", nodes: 2...4))
    #expect(simulation.assignment(1) != nil, "other nodes may join too")
    simulation.pass(.seconds(1.2))
    #expect(simulation.last(1) == .stop(round: 0, .arrival(count: 1)))
    simulation.stopAll()
    simulation.startStore()
    #expect((1...2).map { simulation.assignment($0)?.groupRank } == [0, 1])
    #expect(simulation.assignment(session)?.groupRank == 2)
    #expect(simulation.assignment(session)?.restarts == 0)
  }

  @Test func theLastNodeForWhichThereIsRoomTakesPartAtOnce() {
    var simulation = Simulation.running(2, nodes: 2...3)
    _ = simulation.connect(Simulation.hello("node2", nodes: 2...3))
    #expect(simulation.last(1) == .stop(round: 0, .arrival(count: 1)))
  }

  @Test func anExtraNodeIsASpareThatReplacesALostNode() {
    var simulation = Simulation.running(2, nodes: 2...2)
    let spare = simulation.connect(Simulation.hello("node2", nodes: 2...2))
    guard case .notice(let text)? = simulation.last(spare) else {
      Issue.record("the spare was not notified")
      return
    }
    #expect(text.contains("spare"))
    #expect(simulation.assignment(1) != nil, "the job continues")
    simulation.handle(.disconnected(1))
    simulation.stopAll()
    simulation.startStore()
    #expect(simulation.assignment(2)?.groupRank == 0, "rank 0 stays with a node of the last round")
    #expect(simulation.assignment(spare)?.groupRank == 1)
  }

  // MARK: Refusals

  @Test func anotherVersionIsRefusedAndBothAreNamed() {
    var simulation = Simulation()
    var hello = Simulation.hello("node1", nodes: 2...2)
    hello.version = "9.9.9"
    let session = simulation.connect(hello)
    guard case .refused(let refusal)? = simulation.last(session) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.message.contains("9.9.9") && refusal.message.contains(LockstepVersion.current))
  }

  /// The job id, minimum number of nodes and rank of a second node, and the reason of its refusal.
  @Test(arguments: [
    ("other", 2, nil, "belongs to another job, job"), ("job", 1, nil, "has --nnodes 2:3"),
    ("job", 2, 1, "--rdzv-backend"),
  ])
  func anotherJobIsRefused(name: String, minNodes: Int, nodeRank: Int?, words: String) {
    var simulation = Simulation()
    _ = simulation.connect(Simulation.hello("node0", nodes: 2...3))
    var hello = Simulation.hello("node1", nodes: minNodes...3, nodeRank: nodeRank)
    hello.job = name
    let session = simulation.connect(hello)
    guard case .refused(let refusal)? = simulation.last(session) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.message.contains(words))
    #expect(simulation.closed == [session])
  }

  @Test func aNodeRankThatIsTakenIsRefused() {
    var simulation = Simulation()
    _ = simulation.connect(Simulation.hello("node0", nodes: 2...2, nodeRank: 0))
    let session = simulation.connect(Simulation.hello("node1", nodes: 2...2, nodeRank: 0))
    guard case .refused(let refusal)? = simulation.last(session) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.message.contains("--node-rank 0 is taken by node0"))
  }

  // MARK: The end

  @Test func theJobEndsWhenAllNodesHaveFinished() {
    var simulation = Simulation.running(3, nodes: 3...3)
    for session in 1...3 {
      #expect(simulation.end(1) == nil)
      simulation.handle(.received(session, .finished(round: 0, preempted: false)))
    }
    #expect((1...3).map { simulation.end($0) } == [.succeeded, .succeeded, .succeeded])
    let late = simulation.connect(Simulation.hello("node9", nodes: 3...3))
    guard case .refused(let refusal)? = simulation.last(late) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.kind == .closed)
  }

  @Test func aJobIsPreemptedIfSomeWorkersSavedAndStopped() {
    var simulation = Simulation.running(2, nodes: 2...2)
    simulation.handle(.received(1, .finished(round: 0, preempted: true)))
    simulation.handle(.received(2, .finished(round: 0, preempted: false)))
    #expect(simulation.end(1) == .preempted)
  }

  @Test func finishedNodesWaitForTheOthersUntilTheExitBarrierTimesOut() {
    var simulation = Simulation.running(3, nodes: 3...3)
    simulation.handle(.received(1, .finished(round: 0, preempted: false)))
    simulation.handle(.received(2, .finished(round: 0, preempted: false)))
    simulation.pass(.seconds(299))
    #expect(simulation.end(2) == nil)
    simulation.pass(.seconds(2))
    #expect(simulation.end(2) == .succeeded)
    #expect(simulation.end(1) == nil, "the host keeps waiting")
    simulation.handle(.received(3, .finished(round: 0, preempted: false)))
    #expect(simulation.end(1) == .succeeded)
  }

  @Test func aFinishedNodeMayLeave() {
    var simulation = Simulation.running(2, nodes: 2...2)
    simulation.handle(.received(2, .finished(round: 0, preempted: false)))
    simulation.handle(.disconnected(2))
    #expect(simulation.assignment(1) != nil)
    simulation.handle(.received(1, .finished(round: 0, preempted: false)))
    #expect(simulation.end(1) == .succeeded)
  }

  // MARK: A new host

  /// The hello of a member of the last round, of four nodes, that joins the new host.
  func member(_ rank: Int, nodes: ClosedRange<Int>) -> NodeHello {
    var hello = Simulation.hello("node\(rank)", nodes: nodes)
    hello.lastRound = NodeHello.LastRound(term: 0, round: 5, groupRank: rank)
    return hello
  }

  /// A new host continues only if no other part of the job can continue too.
  ///
  /// After a round of four nodes: the number of nodes that have certainly exited, the ranks that
  /// join the host with rank 1, and whether they continue.
  @Test(arguments: [
    (exited: 1, winsTies: true, joining: [1, 2, 3], continues: true),
    (exited: 1, winsTies: true, joining: [1, 2], continues: true),
    (exited: 1, winsTies: true, joining: [1], continues: false),
    (exited: 2, winsTies: true, joining: [1], continues: true),
    (exited: 0, winsTies: false, joining: [1, 2, 3], continues: true),
    (exited: 0, winsTies: false, joining: [1, 2], continues: false),
  ])
  func aNewHostContinuesWithAMajority(
    exited: Int, winsTies: Bool, joining: [Int], continues: Bool
  ) throws {
    var running = Simulation.running(4, nodes: 1...4)
    var last = try #require(running.assignment(2))
    last.round = 5
    last.restarts = 2
    running = Simulation(takingOver: last, exited: exited, winsTies: winsTies)
    let sessions = joining.map { running.connect(member($0, nodes: 1...4)) }
    running.pass(.seconds(2.5))
    running.startStore()
    let assignment = running.assignment(sessions[0])
    #expect((assignment != nil) == continues)
    if continues {
      #expect(assignment?.term == 1 && assignment?.round == 6 && assignment?.restarts == 2)
      #expect(assignment?.groupWorldSize == joining.count)
    }
  }

  @Test func aHostThatLosesMostNodesDoesNotContinue() {
    var simulation = Simulation.running(4, nodes: 1...4)
    simulation.pass(.seconds(2), silent: [2, 3, 4])
    #expect(simulation.closed == [2, 3, 4])
    simulation.stopAll()
    simulation.pass(.seconds(10))
    #expect(!simulation.sent.values.joined().contains(.startStore(round: 1)))
  }

  @Test func aWaitingHostYieldsToARunningOne() {
    var simulation = Simulation.running(4, nodes: 1...4)
    let other = NodeAddress(host: "10.0.0.9", port: 9)
    simulation.handle(
      .otherHost(other, HostPrecedence(isRunning: false, term: 1, rank: 1)))
    #expect(simulation.closed.isEmpty, "a host that waits does not replace one that runs")
    simulation.pass(.seconds(2), silent: [2, 3, 4])
    simulation.stopAll()
    simulation.handle(.otherHost(other, HostPrecedence(isRunning: true, term: 1, rank: 1)))
    #expect(simulation.last(1) == .redirect(other))
  }

  // MARK: Host registries

  @Test func theRegistrysConfirmationReplacesAMajority() throws {
    var job = Simulation.running(3, nodes: 1...3, isRegistered: true)
    job.handle(.disconnected(2))
    job.handle(.disconnected(3))
    #expect(job.coordinator.needsConfirmation == false)  // the workers are still running
    job.stopAll()
    #expect(job.coordinator.needsConfirmation)
    #expect(job.last(1) == .stop(round: 0, .departure(node: "node1 (10.0.0.1)", isSilent: false)))
    job.handle(.registryFailed("etcd at node9: no answer"))
    job.pass(.seconds(5))
    let notice =
      "waiting for nodes: this host cannot confirm that no other host has replaced it (etcd at "
      + "node9: no answer)"
    #expect(job.sent[1]?.contains(.notice(notice)) == true)
    job.handle(.confirmed)
    #expect(job.last(1) == .startStore(round: 1))
  }

  @Test func aNewHostContinuesTheJobOfItsNodes() throws {
    var job = Simulation(isRegistered: true)
    _ = job.connect(Simulation.hello("node9", nodes: 2...3, maxRestarts: 3))
    var hello = Simulation.hello("node1", nodes: 2...3, maxRestarts: 3)
    hello.lastRound = .init(term: 2, round: 6, groupRank: 1, restarts: 2)
    _ = job.connect(hello)
    hello = Simulation.hello("node0", nodes: 2...3, maxRestarts: 3)
    hello.lastRound = .init(term: 2, round: 6, groupRank: 0, restarts: 2)
    let member = job.connect(hello)
    job.startStore()
    let assignment = try #require(job.assignment(member))
    #expect((assignment.term, assignment.round, assignment.restarts) == (3, 7, 2))
    #expect((assignment.groupRank, assignment.groupWorldSize) == (0, 3))
    #expect(job.assignment(1)?.groupRank == 2)
  }
}
