import Worker

/// A worker's failure, shortened to be sent to other nodes.
package struct FailureSummary: Codable, Sendable, Hashable {
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
  private var blamedRanks: [Int]?
  private var signalSeconds: Double?
  private var isCompletion: Bool?
  private var isTrigger: Bool?

  /// Summarizes a failure.
  ///
  /// - Parameters:
  ///   - failure: The failure.
  ///   - hostName: The name of the machine on which the worker ran.
  ///   - clockOffset: The difference between the host's clock and the machine's.
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
    blamedRanks = failure.blamedRanks
    signalSeconds = failure.signalTime.map { ($0 + clockOffset) / .seconds(1) }
    isCompletion = failure.isCompletion ? true : nil
    isTrigger = failure.isTrigger ? true : nil
  }

  /// The failure, with its time by the host's clock.
  package var failure: WorkerFailure {
    var failure = WorkerFailure(
      rank: rank, localRank: localRank, pid: pid,
      exit: signal.map { .signal(Signal(number: $0)) } ?? .code(code ?? 1),
      time: .seconds(seconds), wasSignalled: wasSignalled,
      signalTime: signalSeconds.map { .seconds($0) }, isCompletion: isCompletion ?? false,
      record: message.map {
        ErrorRecord(message: $0, callStack: callStack, time: nil, blamedRanks: blamedRanks)
      },
      lastLines: lastLines, hostName: hostName)
    failure.isTrigger = isTrigger ?? false
    return failure
  }

  /// The summary without the details that are reported for the root cause only.
  package var withoutDetails: FailureSummary {
    var summary = self
    summary.message = message.map { String($0.prefix(200)) }
    summary.callStack = nil
    summary.lastLines = []
    return summary
  }
}
