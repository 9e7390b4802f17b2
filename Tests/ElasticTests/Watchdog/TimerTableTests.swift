import Elastic
import Testing

@Suite struct TimerTableTests {
  private func timer(
    _ pid: Int32, _ scope: String, _ expirationTime: Double, signal: Int32 = 9
  ) -> TimerTable.Request {
    TimerTable.Request(pid: pid, scope: scope, expirationTime: expirationTime, signal: signal)
  }

  @Test func aTimerExpiresOnce() {
    var table = TimerTable()
    table.receive(timer(7, "step", 10))
    #expect(table.takeExpired(now: 9.9) == [])
    #expect(table.takeExpired(now: 10) == [timer(7, "step", 10)])
    #expect(table.takeExpired(now: 11) == [])
    #expect(table.count == 0)
  }

  @Test func aReleasedTimerDoesNotExpire() {
    var table = TimerTable()
    table.receive(timer(7, "step", 10))
    table.receive(timer(7, "other", 12))
    table.receive(timer(7, "step", -1, signal: 0))
    table.receive(timer(8, "other", -1, signal: 0))
    #expect(table.takeExpired(now: 11) == [])
    #expect(table.takeExpired(now: 12) == [timer(7, "other", 12)])
  }

  @Test func aTimerCanBeStartedAgain() {
    var table = TimerTable()
    table.receive(timer(7, "step", 10))
    table.receive(timer(7, "step", 20))
    #expect(table.count == 1)
    #expect(table.takeExpired(now: 15) == [])
    #expect(table.takeExpired(now: 20).count == 1)
  }

  @Test func theFirstTimerWithASignalCounts() {
    var table = TimerTable()
    table.receive(timer(7, "a", 1, signal: 0))
    table.receive(timer(7, "b", 3, signal: 15))
    table.receive(timer(7, "c", 2, signal: 9))
    table.receive(timer(8, "d", 1, signal: 0))
    table.receive(timer(9, "e", 99))
    #expect(table.takeExpired(now: 5) == [timer(7, "c", 2), timer(8, "d", 1, signal: 0)])
    #expect(table.count == 1)
  }

  @Test func timersOfExitedProcessesAreRemoved() {
    var table = TimerTable()
    for pid in Int32(1)...6 { table.receive(timer(pid, "s", 10)) }
    table.removeTimers { $0 % 2 == 0 }
    #expect(table.takeExpired(now: 10).map(\.pid) == [1, 3, 5])
  }

  /// As Python's `json.dumps` writes it.
  @Test func aLineOfTheClientIsParsed() {
    var table = TimerTable()
    let line =
      #"{"version": 1, "pid": 42, "scope_id": "train.py#7", "expiration_time": 1.5, "signal": 9}"#
    let isValid = table.receive(line: line.utf8)
    #expect(isValid)
    #expect(table.takeExpired(now: 2) == [timer(42, "train.py#7", 1.5)])
  }

  @Test(arguments: [
    "", "{}", "x", #"{"pid": 0, "scope_id": "", "expiration_time": 1, "signal": 9}"#,
    #"{"pid": -5, "scope_id": "", "expiration_time": 1, "signal": 9}"#,
    #"{"pid": 5, "scope_id": "", "expiration_time": 1, "signal": 900}"#,
    #"{"pid": 5, "scope_id": "", "expiration_time": "1", "signal": 9}"#,
    #"{"pid": 5, "expiration_time": 1, "signal": 9}"#, "\u{0}\u{1}",
  ])
  func otherLinesAreRefused(line: String) {
    var table = TimerTable()
    let isValid = table.receive(line: line.utf8)
    #expect(!isValid)
    #expect(table.count == 0)
  }
}
