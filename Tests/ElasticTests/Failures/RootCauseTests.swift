import Elastic
import FoundationEssentials
import ProcessHarness
import Testing
import Worker

@Suite struct RootCauseTests {
  func failure(
    _ rank: Int, _ exit: WorkerExit, milliseconds: Int, wasSignalled: Bool = false,
    record: ErrorRecord? = nil, lastLines: [String] = []
  ) -> WorkerFailure {
    WorkerFailure(
      rank: rank, localRank: rank, pid: Int32(100 + rank), exit: exit,
      time: .milliseconds(milliseconds), wasSignalled: wasSignalled, record: record,
      lastLines: lastLines)
  }

  @Test func theEarliestFailureIsTheCause() {
    let failures = [
      failure(0, .code(1), milliseconds: 1002), failure(1, .code(3), milliseconds: 1001),
    ]
    #expect(WorkerFailure.rootCause(of: failures)?.rank == 1)
    #expect(WorkerFailure.rootCause(of: failures.reversed())?.rank == 1)
  }

  @Test func aWorkerStoppedByTheLauncherIsNotTheCause() {
    let failures = [
      failure(0, .signal(.terminate), milliseconds: 1000, wasSignalled: true),
      failure(1, .code(3), milliseconds: 1001),
    ]
    #expect(WorkerFailure.rootCause(of: failures)?.rank == 1)
  }

  @Test func aWorkerStoppedAfterItReportedTheFirstErrorIsTheCause() {
    let failures = [
      failure(0, .code(5), milliseconds: 1001),
      failure(
        1, .signal(.terminate), milliseconds: 1000, wasSignalled: true,
        record: ErrorRecord(message: "ValueError: boom")),
    ]
    #expect(WorkerFailure.rootCause(of: failures)?.rank == 1)
    #expect(WorkerFailure.rootCause(of: failures)?.jobExitCode == 1)
  }

  @Test func aKillFromOutsideIsTheCauseOfAPeersSlightlyEarlierError() {
    let peer = failure(0, .code(1), milliseconds: 1000)
    let killed = failure(1, .signal(.kill), milliseconds: 1005)
    #expect(WorkerFailure.rootCause(of: [peer, killed])?.rank == 1)
    let later = failure(1, .signal(.kill), milliseconds: 2005)
    #expect(WorkerFailure.rootCause(of: [peer, later])?.rank == 0)
    let byLauncher = failure(1, .signal(.kill), milliseconds: 1005, wasSignalled: true)
    #expect(WorkerFailure.rootCause(of: [peer, byLauncher])?.rank == 0)
  }

  @Test func theJobExitCodeIsThatOfTheCause() {
    #expect(failure(0, .code(3), milliseconds: 0).jobExitCode == 3)
    #expect(failure(0, .signal(.kill), milliseconds: 0).jobExitCode == 137)
    #expect(failure(0, .preempted, milliseconds: 0).jobExitCode == 1, "nothing can be resumed")
  }

  // MARK: Lost peers

  /// A failure whose record blames ranks.
  func blaming(_ rank: Int, _ blamed: [Int]?, milliseconds: Int) -> WorkerFailure {
    failure(
      rank, .code(1), milliseconds: milliseconds,
      record: ErrorRecord(message: "an error", blamedRanks: blamed))
  }

  @Test(
    arguments: [
      WorkerExit.code(3), .code(1), .code(255), .signal(.kill), .signal(Signal(number: 4)),
      .signal(Signal(number: 6)), .signal(Signal(number: 11)), .preempted,
    ], [2, 4, 7])
  func aRankThatEndsByItselfIsTheCauseOfItsPeersEarlierErrors(exit: WorkerExit, ranks: Int) {
    for lost in 0..<ranks {
      for blame in [[lost], []] {
        var failures = (0..<ranks).map { blaming($0, blame, milliseconds: 1000 + $0) }
        failures[lost] = failure(lost, exit, milliseconds: 3000)
        #expect(WorkerFailure.rootCause(of: failures)?.rank == lost)
        #expect(WorkerFailure.rootCause(of: failures.reversed())?.rank == lost)
      }
    }
  }

  /// The launcher signals the other workers when the first one exits, which may be a peer of the
  /// rank that is still exiting.
  @Test func aRankThatWasLostBeforeTheLaunchersSignalEndedByItself() {
    let peer = blaming(0, [1], milliseconds: 1000)
    var lost = failure(1, .code(3), milliseconds: 1020, wasSignalled: true)
    lost.signalTime = .milliseconds(1010)
    #expect(WorkerFailure.rootCause(of: [peer, lost])?.rank == 1)
    #expect(lost.jobExitCode == 3)
    lost.signalTime = .milliseconds(1000)
    #expect(WorkerFailure.rootCause(of: [peer, lost])?.rank == 1, "within the clock's precision")
    lost.signalTime = .milliseconds(990)
    #expect(WorkerFailure.rootCause(of: [peer, lost])?.rank == 0, "the signal ended it")
    var trigger = peer
    trigger.isTrigger = true
    #expect(WorkerFailure.rootCause(of: [trigger, lost])?.rank == 1, "the clocks differ")
  }

  @Test func anErrorAfterTheLaunchersSignalIsAConsequence() {
    let first = blaming(0, [2], milliseconds: 1000)
    var interrupted = blaming(1, nil, milliseconds: 1100)
    interrupted.wasSignalled = true
    interrupted.signalTime = .milliseconds(1050)
    #expect(WorkerFailure.rootCause(of: [first, interrupted])?.rank == 0)
    interrupted.time = .milliseconds(1020)
    #expect(WorkerFailure.rootCause(of: [first, interrupted])?.rank == 1, "it failed by itself")
  }

  @Test func ofTwoRanksThatFailByThemselvesTheFirstIsTheCause() {
    let failures = [
      blaming(0, [2], milliseconds: 1001), failure(1, .code(5), milliseconds: 1300),
      failure(2, .code(3), milliseconds: 1200), blaming(3, [1, 2], milliseconds: 1002),
    ]
    #expect(WorkerFailure.rootCause(of: failures)?.rank == 2)
  }

  @Test func ranksThatBlameEachOtherAreOrderedByTime() {
    let failures = [
      blaming(0, [1], milliseconds: 1002), blaming(1, [0], milliseconds: 1001),
    ]
    #expect(WorkerFailure.rootCause(of: failures)?.rank == 1)
    #expect(WorkerFailure.rootCause(of: [failures[0]])?.rank == 0)
  }

  @Test func aRankThatSucceededWhileOthersNeededItIsTheCause() {
    var early = failure(1, .code(0), milliseconds: 500)
    early.isCompletion = true
    let failures = [blaming(0, [1], milliseconds: 1000), early, blaming(2, [], milliseconds: 1001)]
    let cause = WorkerFailure.rootCause(of: failures)
    #expect(cause?.rank == 1)
    #expect(cause?.jobExitCode == 1)
    #expect(WorkerFailure.rootCause(of: [early]) == nil, "no worker failed")
    let unrelated = failures + [failure(3, .code(9), milliseconds: 2000)]
    #expect(WorkerFailure.rootCause(of: unrelated)?.rank == 3)
    let lines = FailureReport(
      role: "default", failures: failures, workerCount: 3, restarts: 0, logFolder: nil
    ).lines
    #expect(lines[1] == "default FAILED: rank 1 ended while other ranks still needed it")
    #expect(lines.count { $0.hasPrefix("  rank ") && $0.contains("exit code 1") } == 2)
  }

  @Test func theRootCauseSurvivesTheWayToAnotherNode() throws {
    var lost = failure(1, .code(3), milliseconds: 1020, wasSignalled: true)
    lost.signalTime = .milliseconds(1010)
    var early = failure(2, .code(0), milliseconds: 400)
    early.isCompletion = true
    let python = failure(
      3, .code(1), milliseconds: 1001,
      record: ErrorRecord(
        message: String(repeating: "/long/path", count: 30) + ": Connection closed by peer"))
    var trigger = blaming(0, [1], milliseconds: 1030)
    trigger.isTrigger = true
    let failures = [trigger, lost, early, python]
    let sent = failures.map { FailureSummary($0, on: "node").withoutDetails }
    let received = try JSONDecoder().decode(
      [FailureSummary].self, from: JSONEncoder().encode(sent)
    ).map(\.failure)
    #expect(WorkerFailure.rootCause(of: received)?.rank == 1)
    #expect(received.map(\.blamedRanks) == [[1], nil, nil, []])
    #expect(received.map(\.isCompletion) == [false, false, true, false])
  }

  @Test(arguments: [
    ("RuntimeError: [../gloo/pair.cc:534] Connection closed by peer [10.0.0.1]:7", []),
    ("RuntimeError: [../gloo/pair.cc:534] Read error: Connection reset by peer", []),
    ("torch.distributed.DistBackendError: NCCL error: remote process exited or there was a", []),
    ("DistNetworkError: failed to recv, got 0 bytes. Connection was likely closed.", []),
    (
      "train/main.swift:3: Fatal error: Error raised at top level: [rank 0] rank 1 died: recreate",
      [1]
    ),
    ("CollectiveError: [rank 2] rank 13 left the group while other ranks still use it", [13]),
    ("CollectiveError: [rank 0] lost rank 3: Connection closed by peer", [3]),
    ("CollectiveError: [rank 0] rank 2 aborted the group: recreate it", [2]),
  ])
  func messagesAboutLostPeersAreRecognized(message: String, ranks: [Int]) {
    #expect(LostPeerMessage(message)?.ranks == ranks)
  }

  @Test(arguments: [
    "ValueError: boom", "rank 1 has another model", "RuntimeError: timed out", "", "rank 3 failed",
  ])
  func otherMessagesBlameNobody(message: String) {
    #expect(LostPeerMessage(message) == nil)
  }

  @Test func anUnrequestedStopIsReportedAsOne() {
    let lines = FailureReport(
      role: "default", failures: [failure(0, .preempted, milliseconds: 0)], workerCount: 1,
      restarts: 0, logFolder: nil
    ).lines
    #expect(lines.contains { $0.hasPrefix("  ended by  : exit code 75, the code of a requested") })
    #expect(!lines.contains { $0.contains("saved") })
  }

  @Test func theReportDetailsTheCauseAndSummarizesTheOthers() {
    let report = FailureReport(
      role: "trainer",
      failures: [
        failure(0, .signal(.terminate), milliseconds: 1500, wasSignalled: true),
        failure(
          1, .code(3), milliseconds: 1000,
          record: ErrorRecord(
            message: "ValueError: boom", callStack: "at line 3\nValueError: boom"),
          lastLines: ["loading", "failing"]),
        failure(
          2, .code(1), milliseconds: 1100, record: ErrorRecord(message: "peer lost\ndetails")),
      ], workerCount: 3, restarts: 2, logFolder: "/logs/1")
    let border = String(repeating: "=", count: 72)
    let lines = report.lines.filter { !$0.hasPrefix("  time") }
    #expect(
      lines == [
        border,
        "trainer FAILED: rank 1 was the first to fail",
        "  rank      : 1 (local rank 1, process 101)",
        "  ended by  : exit code 3",
        "  restarts  : 2, none left",
        "  message   : ValueError: boom",
        "  call stack: at line 3",
        "              ValueError: boom",
        "  last lines of standard error:",
        "    | loading",
        "    | failing",
        "other workers, stopped or failed later:",
        "  rank 2 (process 102): exit code 1: peer lost",
        "  rank 0 (process 100): stopped by the launcher, SIGTERM (signal 15)",
        "logs: /logs/1",
        border,
      ])
  }

  @Test func aMessageIsReportedOnce() {
    let record = ErrorRecord(message: "E: no file\nmake one")
    let lines = FailureReport(
      role: "default",
      failures: [
        failure(
          0, .code(1), milliseconds: 0, wasSignalled: true, record: record,
          lastLines: ["error: E: no file", "make one"]),
        failure(1, .code(1), milliseconds: 5, wasSignalled: true, record: record),
      ], workerCount: 2, restarts: 0, logFolder: nil
    ).lines
    #expect(lines.count { $0.contains("no file") } == 1)
    #expect(lines.contains("  ended by  : exit code 1"), "the cause exited, no signal ended it")
    #expect(
      lines.contains(
        "  rank 1 (process 101): stopped by the launcher, exit code 1: the same message"))
  }

  @Test func aCallStackInTheOutputIsNotRepeated() {
    let report = FailureReport(
      role: "default",
      failures: [
        failure(
          0, .code(1), milliseconds: 0,
          record: ErrorRecord(message: "E: x", callStack: "Traceback\nE: x\n"),
          lastLines: ["Traceback", "E: x"])
      ], workerCount: 1, restarts: 0, logFolder: nil)
    #expect(!report.lines.contains { $0.contains("call stack") })
    #expect(report.lines.contains("  message   : E: x"))
  }
}
