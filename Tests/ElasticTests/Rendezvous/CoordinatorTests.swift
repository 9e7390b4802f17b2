import Elastic
import Testing

/// A coordinator in simulated time, and the nodes that talk to it.
struct Simulation {
  var coordinator: Coordinator
  var now = ContinuousClock.now
  /// What every session was told so far.
  var told: [Int: [HostMessage]] = [:]
  var dismissed: Set<Int> = []
  private var lastSession = 0

  init(limits: CoordinatorLimits = CoordinatorLimits()) {
    coordinator = Coordinator(limits: limits, host: "node0")
  }

  init(takingOver last: NodeAssignment, gone: Int, winsTies: Bool) {
    coordinator = Coordinator(
      limits: CoordinatorLimits(), host: "successor", takingOver: last, gone: gone,
      winsTies: winsTies, now: now)
  }

  mutating func handle(_ event: Coordinator.Event) {
    if case .departed(let session) = event { told[session] = nil }
    for action in coordinator.handle(event, now: now) {
      switch action {
      case .tell(let session, let message): told[session, default: []].append(message)
      case .dismiss(let session, let message):
        dismissed.insert(session)
        if let message { told[session, default: []].append(message) }
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
      place: NodePlace(address: "10.0.0.\(name.filter(\.isNumber))", port: 1),
      workerCount: workers, role: "default")
  }

  /// Lets a node come and returns its session.
  mutating func arrive(_ hello: NodeHello) -> Int {
    lastSession += 1
    handle(.arrived(lastSession, hello))
    return lastSession
  }

  /// Lets time pass in small steps, in which all nodes but the silent ones give signs of life.
  mutating func pass(_ duration: Duration, silent: Set<Int> = []) {
    let end = now + duration
    while now < end {
      now = min(end, now + .milliseconds(100))
      for session in told.keys where !silent.contains(session) && !dismissed.contains(session) {
        handle(.said(session, .beat))
      }
      handle(.timePassed)
    }
  }

  /// Lets rank 0's node start the store of the round for which it was last asked.
  mutating func startStore() {
    for (session, messages) in told.sorted(by: { $0.key < $1.key }) {
      if case .host(let round)? = messages.last {
        handle(.said(session, .hosting(round: round, port: 7)))
        return
      }
    }
  }

  /// Lets nodes whose last message is to stop say that they have.
  mutating func stopAll(except silent: Set<Int> = []) {
    for (session, messages) in told.sorted(by: { $0.key < $1.key }) where !silent.contains(session)
    {
      if case .stop(let round, _)? = messages.last {
        handle(.said(session, .stopped(round: round, [])))
      }
    }
  }

  func last(_ session: Int) -> HostMessage? { told[session]?.last }

  func assignment(_ session: Int) -> NodeAssignment? {
    if case .begin(let assignment)? = last(session) { assignment } else { nil }
  }

  func end(_ session: Int) -> JobEnd? {
    if case .end(let end)? = last(session) { end } else { nil }
  }

  /// A job with all its nodes running.
  static func running(
    _ count: Int, nodes: ClosedRange<Int>, maxRestarts: Int = 0, workers: Int = 1
  ) -> Simulation {
    var simulation = Simulation()
    for node in 0..<count {
      _ = simulation.arrive(
        hello("node\(node)", nodes: nodes, workers: workers, maxRestarts: maxRestarts))
    }
    if count < nodes.upperBound { simulation.pass(.seconds(31)) }
    simulation.startStore()
    return simulation
  }
}

func failure(_ rank: Int, at seconds: Double, _ exit: WorkerExit = .code(3)) -> FailureNote {
  FailureNote(
    WorkerFailure(
      rank: rank, localRank: 0, pid: 9, exit: exit, time: .seconds(seconds), wasSignalled: false),
    on: "node\(rank)")
}

@Suite struct CoordinatorTests {
  @Test(arguments: [2, 3, 8])
  func startsWhenTheLastNodeHasComeAndNotBefore(count: Int) throws {
    var simulation = Simulation()
    for node in 0..<count {
      #expect(simulation.told.values.joined().allSatisfy { $0 != .host(round: 0) })
      _ = simulation.arrive(Simulation.hello("node\(node)", nodes: count...count, workers: 2))
    }
    #expect(simulation.last(1) == .host(round: 0))
    simulation.startStore()
    for session in 1...count {
      let assignment = try #require(simulation.assignment(session))
      #expect(assignment.groupRank == session - 1)
      #expect(assignment.groupWorldSize == count)
      #expect(assignment.firstRank == 2 * (session - 1))
      #expect(assignment.worldSize == 2 * count)
      #expect(assignment.master == NodePlace(address: "10.0.0.0", port: 7))
    }
  }

  @Test func ranksFollowTheAddressesAsNumbers() {
    var simulation = Simulation()
    for name in ["node10", "node9", "node2"] {
      _ = simulation.arrive(Simulation.hello(name, nodes: 3...3))
    }
    simulation.startStore()
    #expect((1...3).map { simulation.assignment($0)?.groupRank } == [2, 1, 0])
  }

  @Test func staticRanksAreThoseThatTheNodesWereGiven() {
    var simulation = Simulation()
    for rank in [2, 0, 1] {
      _ = simulation.arrive(Simulation.hello("node\(rank)", nodes: 3...3, nodeRank: rank))
    }
    simulation.startStore()
    #expect((1...3).map { simulation.assignment($0)?.groupRank } == [2, 0, 1])
  }

  @Test func nodesWithDifferentNumbersOfWorkersAndRolesGetTheirRanks() {
    var simulation = Simulation()
    for (node, workers) in [2, 1, 3].enumerated() {
      var hello = Simulation.hello("node\(node)", nodes: 3...3, workers: workers)
      hello.role = node == 1 ? "reader" : "trainer"
      _ = simulation.arrive(hello)
    }
    simulation.startStore()
    #expect((1...3).map { simulation.assignment($0)?.firstRank } == [0, 2, 3])
    #expect((1...3).map { simulation.assignment($0)?.firstRoleRank } == [0, 0, 2])
    #expect((1...3).map { simulation.assignment($0)?.roleWorldSize } == [5, 1, 5])
  }

  @Test func enoughNodesWaitForTheLastCallOnly() {
    var simulation = Simulation()
    for node in 0..<2 { _ = simulation.arrive(Simulation.hello("node\(node)", nodes: 2...4)) }
    simulation.pass(.seconds(29))
    #expect(!simulation.told.values.joined().contains(.host(round: 0)))
    simulation.pass(.seconds(2))
    #expect(simulation.told.values.joined().contains(.host(round: 0)))
  }

  @Test func tooFewNodesEndTheJobWhenTheJoinTimeIsOver() throws {
    var simulation = Simulation()
    let session = simulation.arrive(Simulation.hello("node0", nodes: 2...2))
    simulation.pass(.seconds(599))
    #expect(simulation.end(session) == nil)
    simulation.pass(.seconds(2))
    guard case .error(let error)? = simulation.end(session) else {
      Issue.record("no error")
      return
    }
    #expect(error.kind == .timedOut)
    #expect(
      error.message.contains("only 1 of at least 2 nodes came within 600 s (node0 (10.0.0.0))"))
  }

  // MARK: Failures

  @Test func aFailureStopsAllAtOnceAndRestartsThemWhenAllHaveStopped() {
    var simulation = Simulation.running(3, nodes: 3...3, maxRestarts: 1)
    simulation.handle(.said(2, .failed(round: 0)))
    for session in 1...3 {
      #expect(simulation.last(session) == .stop(round: 0, .failure(node: "node1 (10.0.0.1)")))
    }
    simulation.stopAll(except: [3])
    #expect(!simulation.told.values.joined().contains(.host(round: 1)))
    simulation.stopAll()
    simulation.startStore()
    for session in 1...3 {
      #expect(simulation.assignment(session)?.round == 1)
      #expect(simulation.assignment(session)?.restarts == 1)
      #expect(simulation.assignment(session)?.groupRank == session - 1)
    }
  }

  @Test func withoutARestartLeftAllNodesHearTheSameFailuresAndTheirCauseFirst() {
    var simulation = Simulation.running(3, nodes: 3...3)
    simulation.handle(.said(1, .failed(round: 0)))
    simulation.handle(.said(1, .stopped(round: 0, [failure(0, at: 5.002)])))
    simulation.handle(.said(2, .stopped(round: 0, [failure(1, at: 5.001, .code(42))])))
    simulation.handle(.said(3, .stopped(round: 0, [failure(2, at: 5.003)])))
    for session in 1...3 {
      guard case .failed(let notes, let workerCount, let restarts)? = simulation.end(session) else {
        Issue.record("session \(session) heard no failure")
        continue
      }
      #expect(workerCount == 3 && restarts == 0)
      #expect(notes.map(\.failure.rank) == [1, 0, 2])
      let cause = WorkerFailure.rootCause(of: notes.map(\.failure))
      #expect(cause?.jobExitCode == 42 && cause?.hostName == "node1")
    }
  }

  @Test func restartsAreCountedForTheJobAndNotForANode() {
    var simulation = Simulation.running(2, nodes: 2...2, maxRestarts: 2)
    for (round, session) in [1, 2].enumerated() {
      simulation.handle(.said(session, .failed(round: round)))
      simulation.stopAll()
      simulation.startStore()
    }
    simulation.handle(.said(1, .failed(round: 2)))
    simulation.handle(.said(1, .stopped(round: 2, [failure(0, at: 1)])))
    simulation.stopAll()
    #expect(simulation.end(1) != nil && simulation.end(2) != nil)
  }

  @Test func aFailureInAnEarlierRoundIsPassedOver() {
    var simulation = Simulation.running(2, nodes: 2...2, maxRestarts: 2)
    simulation.handle(.said(1, .failed(round: 0)))
    simulation.stopAll()
    simulation.startStore()
    simulation.handle(.said(2, .failed(round: 0)))
    #expect(simulation.assignment(2)?.round == 1)
  }

  @Test func aNodeThatCannotStartItsWorkersEndsTheJob() {
    var simulation = Simulation.running(2, nodes: 2...2, maxRestarts: 2)
    simulation.handle(.said(2, .gaveUp(message: "no such program", exitCode: 127)))
    let error = JobError(.node, "node node1 (10.0.0.1): no such program", exitCode: 127)
    #expect(simulation.end(1) == .error(error))
  }

  // MARK: Departures

  @Test func aDepartureRestartsTheOthersWithoutWaitingForMoreNodes() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.handle(.departed(2))
    #expect(
      simulation.last(1) == .stop(round: 0, .departure(node: "node1 (10.0.0.1)", isSilent: false)))
    simulation.stopAll()
    simulation.startStore()
    #expect(simulation.assignment(1)?.groupWorldSize == 2)
    #expect(simulation.assignment(1)?.restarts == 0, "it costs no restart")
    #expect(simulation.assignment(3)?.groupRank == 1)
  }

  @Test func aSilentNodeIsLostAfterItsTimeAndNotBefore() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.pass(.seconds(1.4), silent: [2])
    #expect(simulation.assignment(1) != nil)
    simulation.pass(.seconds(0.3), silent: [2])
    #expect(simulation.dismissed == [2])
    #expect(
      simulation.last(1) == .stop(round: 0, .departure(node: "node1 (10.0.0.1)", isSilent: true)))
  }

  @Test func aTimeInWhichTheHostDidNotRunIsNoSilenceOfTheNodes() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.pass(.seconds(1))
    simulation.now += .seconds(60)
    simulation.handle(.timePassed)
    #expect(simulation.dismissed.isEmpty)
  }

  @Test func aWorkersFailureThatFollowsADepartureCostsNoRestart() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.handle(.said(1, .failed(round: 0)))
    simulation.handle(.departed(2))
    simulation.stopAll()
    simulation.startStore()
    #expect(simulation.assignment(1)?.restarts == 0)
  }

  @Test func aFailureWhileANodeLeavesCostsNoRestart() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.handle(.said(2, .leaving(signal: 15)))
    simulation.handle(.said(1, .failed(round: 0)))
    simulation.stopAll()
    simulation.handle(.departed(2))
    simulation.startStore()
    #expect(simulation.assignment(1)?.groupWorldSize == 2)
    #expect(simulation.assignment(1)?.restarts == 0)
  }

  @Test func withTooFewNodesLeftTheJobWaitsForOneToComeBack() {
    var simulation = Simulation.running(2, nodes: 2...2)
    simulation.handle(.departed(1))
    simulation.stopAll()
    simulation.pass(.seconds(100))
    let session = simulation.arrive(Simulation.hello("node7", nodes: 2...2))
    simulation.startStore()
    #expect(simulation.assignment(2)?.groupRank == 0, "who stayed has rank 0, not the newcomer")
    #expect(simulation.assignment(session)?.groupRank == 1)
  }

  @Test func aNodeThatConnectsAgainTakesItsPlaceBack() {
    var simulation = Simulation.running(2, nodes: 2...2)
    var hello = Simulation.hello("node0", nodes: 2...2)
    hello.standing = NodeHello.Standing(term: 0, round: 0, groupRank: 0)
    let session = simulation.arrive(hello)
    #expect(simulation.dismissed == [1])
    simulation.stopAll(except: [1])
    simulation.startStore()
    #expect(simulation.assignment(session)?.groupRank == 0)
    #expect(simulation.assignment(2)?.groupRank == 1)
  }

  @Test func theNodeThatShouldStartTheStoreMayGo() {
    var simulation = Simulation()
    for node in 0..<3 { _ = simulation.arrive(Simulation.hello("node\(node)", nodes: 2...3)) }
    simulation.handle(.departed(1))
    simulation.startStore()
    #expect(simulation.assignment(2)?.groupWorldSize == 2)
  }

  @Test func aLauncherThatDoesNotStopItsWorkersIsLeftBehind() {
    var simulation = Simulation.running(3, nodes: 2...3)
    simulation.handle(.departed(1))
    simulation.stopAll(except: [2])
    simulation.pass(.seconds(61))
    #expect(simulation.dismissed == [2])
  }

  // MARK: Arrivals

  @Test func aNodeThatComesToARunningJobIsTakenIn() {
    var simulation = Simulation.running(2, nodes: 2...4)
    let session = simulation.arrive(Simulation.hello("node2", nodes: 2...4))
    #expect(simulation.assignment(1) != nil, "others may come, too")
    simulation.pass(.seconds(1.2))
    #expect(simulation.last(1) == .stop(round: 0, .arrival(count: 1)))
    simulation.stopAll()
    simulation.startStore()
    #expect((1...2).map { simulation.assignment($0)?.groupRank } == [0, 1])
    #expect(simulation.assignment(session)?.groupRank == 2)
    #expect(simulation.assignment(session)?.restarts == 0)
  }

  @Test func theLastNodeThatFitsIsTakenInAtOnce() {
    var simulation = Simulation.running(2, nodes: 2...3)
    _ = simulation.arrive(Simulation.hello("node2", nodes: 2...3))
    #expect(simulation.last(1) == .stop(round: 0, .arrival(count: 1)))
  }

  @Test func aNodeTooManyIsASpareThatStepsIn() {
    var simulation = Simulation.running(2, nodes: 2...2)
    let spare = simulation.arrive(Simulation.hello("node2", nodes: 2...2))
    guard case .notice(let text)? = simulation.last(spare) else {
      Issue.record("the spare was not told")
      return
    }
    #expect(text.contains("spare"))
    #expect(simulation.assignment(1) != nil, "the job is not disturbed")
    simulation.handle(.departed(1))
    simulation.stopAll()
    simulation.startStore()
    #expect(simulation.assignment(2)?.groupRank == 0, "rank 0 stays with a node that was there")
    #expect(simulation.assignment(spare)?.groupRank == 1)
  }

  // MARK: Who is refused

  @Test func anotherVersionIsRefusedAndBothAreNamed() {
    var simulation = Simulation()
    var hello = Simulation.hello("node1", nodes: 2...2)
    hello.version = "9.9.9"
    let session = simulation.arrive(hello)
    guard case .refused(let refusal)? = simulation.last(session) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.message.contains("9.9.9") && refusal.message.contains(LockstepVersion.current))
  }

  /// A job's name, its least number of nodes, a node rank, and what is said of them to a node of another job.
  @Test(arguments: [
    ("other", 2, nil, "another job, job, meets there"), ("job", 1, nil, "has --nnodes 2:3"),
    ("job", 2, 1, "--rdzv-backend"),
  ])
  func anotherJobIsRefused(name: String, minNodes: Int, nodeRank: Int?, words: String) {
    var simulation = Simulation()
    _ = simulation.arrive(Simulation.hello("node0", nodes: 2...3))
    var hello = Simulation.hello("node1", nodes: minNodes...3, nodeRank: nodeRank)
    hello.job = name
    let session = simulation.arrive(hello)
    guard case .refused(let refusal)? = simulation.last(session) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.message.contains(words))
    #expect(simulation.dismissed == [session])
  }

  @Test func aNodeRankThatIsTakenIsRefused() {
    var simulation = Simulation()
    _ = simulation.arrive(Simulation.hello("node0", nodes: 2...2, nodeRank: 0))
    let session = simulation.arrive(Simulation.hello("node1", nodes: 2...2, nodeRank: 0))
    guard case .refused(let refusal)? = simulation.last(session) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.message.contains("--node-rank 0 is taken by node0"))
  }

  // MARK: The end

  @Test func theJobEndsWhenAllHaveFinished() {
    var simulation = Simulation.running(3, nodes: 3...3)
    for session in 1...3 {
      #expect(simulation.end(1) == nil)
      simulation.handle(.said(session, .finished(round: 0, preempted: false)))
    }
    #expect((1...3).map { simulation.end($0) } == [.succeeded, .succeeded, .succeeded])
    let late = simulation.arrive(Simulation.hello("node9", nodes: 3...3))
    guard case .refused(let refusal)? = simulation.last(late) else {
      Issue.record("not refused")
      return
    }
    #expect(refusal.kind == .closed)
  }

  @Test func ifSomeWereAskedToStopAndHaveSavedTheJobIsPreempted() {
    var simulation = Simulation.running(2, nodes: 2...2)
    simulation.handle(.said(1, .finished(round: 0, preempted: true)))
    simulation.handle(.said(2, .finished(round: 0, preempted: false)))
    #expect(simulation.end(1) == .preempted)
  }

  @Test func nodesThatHaveFinishedWaitForTheOthersButNotForEver() {
    var simulation = Simulation.running(3, nodes: 3...3)
    simulation.handle(.said(1, .finished(round: 0, preempted: false)))
    simulation.handle(.said(2, .finished(round: 0, preempted: false)))
    simulation.pass(.seconds(299))
    #expect(simulation.end(2) == nil)
    simulation.pass(.seconds(2))
    #expect(simulation.end(2) == .succeeded)
    #expect(simulation.end(1) == nil, "the host stays")
    simulation.handle(.said(3, .finished(round: 0, preempted: false)))
    #expect(simulation.end(1) == .succeeded)
  }

  @Test func aNodeThatHasFinishedMayGoWithoutHarm() {
    var simulation = Simulation.running(2, nodes: 2...2)
    simulation.handle(.said(2, .finished(round: 0, preempted: false)))
    simulation.handle(.departed(2))
    #expect(simulation.assignment(1) != nil)
    simulation.handle(.said(1, .finished(round: 0, preempted: false)))
    #expect(simulation.end(1) == .succeeded)
  }

  // MARK: Another host

  /// The hello of a member of a last round of four that comes to the new host.
  func member(_ rank: Int, nodes: ClosedRange<Int>) -> NodeHello {
    var hello = Simulation.hello("node\(rank)", nodes: nodes)
    hello.standing = NodeHello.Standing(term: 0, round: 5, groupRank: rank)
    return hello
  }

  /// Who was in the last round of four, who of them is known to be gone, who comes to the host with rank
  /// 1, and whether they may go on: only if no other part of the job can be going on too.
  @Test(arguments: [
    (gone: 1, winsTies: true, coming: [1, 2, 3], goesOn: true),
    (gone: 1, winsTies: true, coming: [1, 2], goesOn: true),
    (gone: 1, winsTies: true, coming: [1], goesOn: false),
    (gone: 2, winsTies: true, coming: [1], goesOn: true),
    (gone: 0, winsTies: false, coming: [1, 2, 3], goesOn: true),
    (gone: 0, winsTies: false, coming: [1, 2], goesOn: false),
  ])
  func aNewHostGoesOnWithTheMajority(
    gone: Int, winsTies: Bool, coming: [Int], goesOn: Bool
  ) throws {
    var running = Simulation.running(4, nodes: 1...4)
    var last = try #require(running.assignment(2))
    last.round = 5
    last.restarts = 2
    running = Simulation(takingOver: last, gone: gone, winsTies: winsTies)
    let sessions = coming.map { running.arrive(member($0, nodes: 1...4)) }
    running.pass(.seconds(2.5))
    running.startStore()
    let assignment = running.assignment(sessions[0])
    #expect((assignment != nil) == goesOn)
    if goesOn {
      #expect(assignment?.term == 1 && assignment?.round == 6 && assignment?.restarts == 2)
      #expect(assignment?.groupWorldSize == coming.count)
    }
  }

  @Test func aHostThatIsCutOffFromMostNodesDoesNotGoOn() {
    var simulation = Simulation.running(4, nodes: 1...4)
    simulation.pass(.seconds(2), silent: [2, 3, 4])
    #expect(simulation.dismissed == [2, 3, 4])
    simulation.stopAll()
    simulation.pass(.seconds(10))
    #expect(!simulation.told.values.joined().contains(.host(round: 1)))
  }

  @Test func aHostGivesWayToOneThatRuns() {
    var simulation = Simulation.running(4, nodes: 1...4)
    let place = NodePlace(address: "10.0.0.9", port: 9)
    let elder = Seniority(isRunning: false, term: 1, rank: 1)
    simulation.handle(.claimed(by: place, elder))
    #expect(simulation.dismissed.isEmpty, "one that waits does not lead a job that runs")
    simulation.pass(.seconds(2), silent: [2, 3, 4])
    simulation.stopAll()
    simulation.handle(.claimed(by: place, Seniority(isRunning: true, term: 1, rank: 1)))
    #expect(simulation.last(1) == .redirect(place))
  }

  // MARK: Who hosts is said by a register

  @Test func theRegistersWordTakesThePlaceOfAMajority() throws {
    var job = Simulation.running(3, nodes: 1...3)
    job.coordinator.isConfirmed = true
    job.handle(.departed(2))
    job.handle(.departed(3))
    #expect(job.coordinator.isInDoubt == false)  // the workers still run
    job.stopAll()
    #expect(job.coordinator.isInDoubt)
    #expect(job.last(1) == .stop(round: 0, .departure(node: "node1 (10.0.0.1)", isSilent: false)))
    job.handle(.unconfirmed("etcd at node9: no answer"))
    job.pass(.seconds(5))
    let notice =
      "waiting for nodes: this host cannot make sure that no other has taken its place (etcd at node9: "
      + "no answer)"
    #expect(job.told[1]?.contains(.notice(notice)) == true)
    job.handle(.confirmed)
    #expect(job.last(1) == .host(round: 1))
  }

  @Test func aNewHostThatMeetsTheNodesOfAJobGoesOnWithIt() throws {
    var job = Simulation()
    job.coordinator.isConfirmed = true
    _ = job.arrive(Simulation.hello("node9", nodes: 2...3, maxRestarts: 3))
    var hello = Simulation.hello("node1", nodes: 2...3, maxRestarts: 3)
    hello.standing = .init(term: 2, round: 6, groupRank: 1, restarts: 2)
    _ = job.arrive(hello)
    hello = Simulation.hello("node0", nodes: 2...3, maxRestarts: 3)
    hello.standing = .init(term: 2, round: 6, groupRank: 0, restarts: 2)
    let veteran = job.arrive(hello)
    job.startStore()
    let assignment = try #require(job.assignment(veteran))
    #expect((assignment.term, assignment.round, assignment.restarts) == (3, 7, 2))
    #expect((assignment.groupRank, assignment.groupWorldSize) == (0, 3))
    #expect(job.assignment(1)?.groupRank == 2)
  }
}
