import Worker

/// A worker's failure as it travels between nodes.
package struct FailureNote: Codable, Sendable, Hashable {
  private static let textLimit = 16_384

  private var hostName: String
  private var rank: Int
  private var localRank: Int
  private var pid: Int32
  private var code: Int32?
  private var signal: Int32?
  private var seconds: Double
  private var wasSignalled: Bool
  private var message: String?
  private var callStack: String?
  private var lastLines: [String]

  /// The note for a failure on a machine.
  ///
  /// - Parameters:
  ///   - failure: The failure.
  ///   - hostName: The machine's name.
  ///   - clockOffset: What has to be added to the machine's clock to get the host's.
  package init(_ failure: WorkerFailure, on hostName: String, clockOffset: Duration = .zero) {
    self.hostName = hostName
    rank = failure.rank
    localRank = failure.localRank
    pid = failure.pid
    switch failure.exit {
    case .code(let number): code = number
    case .signal(let number): signal = number.number
    }
    seconds = (failure.time + clockOffset) / .seconds(1)
    wasSignalled = failure.wasSignalled
    message = failure.record.map { String($0.message.prefix(Self.textLimit)) }
    callStack = failure.record?.callStack.map { String($0.suffix(Self.textLimit)) }
    lastLines = failure.lastLines.suffix(32).map { String($0.prefix(1024)) }
  }

  /// The failure, by the host's clock.
  package var failure: WorkerFailure {
    WorkerFailure(
      rank: rank, localRank: localRank, pid: pid,
      exit: signal.map { .signal(Signal(number: $0)) } ?? .code(code ?? 1),
      time: .seconds(seconds), wasSignalled: wasSignalled,
      record: message.map { ErrorRecord(message: $0, callStack: callStack, time: nil) },
      lastLines: lastLines, hostName: hostName)
  }

  /// The note without what only a root cause is asked for.
  package var folded: FailureNote {
    var note = self
    note.message = message.map { String($0.prefix(200)) }
    note.callStack = nil
    note.lastLines = []
    return note
  }
}
