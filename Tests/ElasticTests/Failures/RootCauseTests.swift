import Elastic
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
