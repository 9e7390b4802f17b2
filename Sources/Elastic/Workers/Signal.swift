import Glibc

/// A POSIX signal.
public struct Signal: Sendable, Hashable {
  /// The signal's number, as in `kill`.
  public let number: Int32

  /// `SIGHUP`.
  public static let hangup = Signal(number: SIGHUP)
  /// `SIGINT`, which Ctrl-C sends.
  public static let interrupt = Signal(number: SIGINT)
  /// `SIGQUIT`.
  public static let quit = Signal(number: SIGQUIT)
  /// `SIGTERM`.
  public static let terminate = Signal(number: SIGTERM)
  /// `SIGUSR1`.
  public static let user1 = Signal(number: SIGUSR1)
  /// `SIGKILL`, which a process cannot handle or ignore.
  public static let kill = Signal(number: SIGKILL)

  package init(number: Int32) { self.number = number }

  /// Creates a signal from its number or its name, with or without `SIG`; `nil` if it is unknown.
  public init?(_ text: some StringProtocol) {
    let name = text.uppercased()
    let short = name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name
    if let number = Int32(short), (1...64).contains(number) {
      self.number = number
    } else if let number = Self.names.first(where: { $0.value == short })?.key {
      self.number = number
    } else {
      return nil
    }
  }

  /// Whether a process can handle the signal and the launcher does not use it itself.
  public var canBeHandled: Bool { ![SIGKILL, SIGSTOP, SIGCHLD, SIGPIPE].contains(number) }

  /// Whether the signal stops the job; `SIGUSR1` and `SIGUSR2` are only forwarded to the workers.
  ///
  /// Batch systems send these two before they end a job, so that workers can save their state.
  package var stopsJob: Bool { number != SIGUSR1 && number != SIGUSR2 }

  private static let names: [Int32: String] = [
    SIGHUP: "HUP", SIGINT: "INT", SIGQUIT: "QUIT", SIGILL: "ILL", SIGTRAP: "TRAP",
    SIGABRT: "ABRT", SIGBUS: "BUS", SIGFPE: "FPE", SIGKILL: "KILL", SIGUSR1: "USR1",
    SIGSEGV: "SEGV", SIGUSR2: "USR2", SIGPIPE: "PIPE", SIGALRM: "ALRM", SIGTERM: "TERM",
    SIGCHLD: "CHLD", SIGCONT: "CONT", SIGSTOP: "STOP", SIGTSTP: "TSTP", SIGTTIN: "TTIN",
    SIGTTOU: "TTOU", SIGURG: "URG", SIGXCPU: "XCPU", SIGXFSZ: "XFSZ", SIGVTALRM: "VTALRM",
    SIGPROF: "PROF", SIGWINCH: "WINCH", SIGIO: "IO", SIGPWR: "PWR", SIGSYS: "SYS",
  ]
}

extension Signal: CustomStringConvertible {
  /// The signal's name, such as `SIGTERM`.
  public var description: String { Self.names[number].map { "SIG" + $0 } ?? "signal \(number)" }
}
