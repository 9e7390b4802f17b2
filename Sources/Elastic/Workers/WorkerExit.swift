import Collectives
internal import Worker

/// How a worker process ended.
package enum WorkerExit: Sendable, Hashable {
  /// The process exited with a code; 0 is success.
  case code(Int32)
  /// A signal terminated the process.
  case signal(Signal)

  /// The exit of a worker that was asked to stop, and saved its state.
  package static let preempted = WorkerExit.code(StopRequest.exitCode)

  /// Whether the process exited with code 0.
  package var isSuccess: Bool { self == .code(0) }

  /// The exit code that a shell would report: the process's own, or 128 + signal.
  package var shellCode: Int32 {
    switch self {
    case .code(let code): code
    case .signal(let signal): 128 + signal.number
    }
  }

  /// Whether one of these signals, sent to the process, may have caused this exit.
  ///
  /// A process may handle a signal that stops it and exit with any code.
  package func mayResult(from signals: Set<Signal>) -> Bool {
    switch self {
    case .code: signals.contains(where: \.stopsJob)
    case .signal(let signal): signals.contains(signal)
    }
  }
}

extension WorkerExit: CustomStringConvertible {
  package var description: String {
    switch self {
    case .code(let code): "exit code \(code)"
    case .signal(let signal): "\(signal) (signal \(signal.number))"
    }
  }
}
