import Collectives

/// How a worker process ended.
package enum WorkerExit: Sendable, Hashable {
  /// It exited with a code; 0 is success.
  case code(Int32)
  /// A signal ended it.
  case signal(Signal)

  /// It was asked to stop, and has saved what is needed to go on.
  package static let preempted = WorkerExit.code(StopRequest.exitCode)

  /// Whether it exited with code 0.
  package var isSuccess: Bool { self == .code(0) }

  /// The exit code a shell would show: the process's own, or 128 + signal.
  package var shellCode: Int32 {
    switch self {
    case .code(let code): code
    case .signal(let signal): 128 + signal.number
    }
  }

  /// Whether a process that got these signals may have ended because of them.
  ///
  /// It may have caught one and exited with a code of its choice.
  package func isAnswer(to signals: Set<Signal>) -> Bool {
    switch self {
    case .code: !signals.isEmpty
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
