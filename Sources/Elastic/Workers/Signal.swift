import Glibc

/// A POSIX signal.
public struct Signal: Sendable, Hashable {
  /// Its number, as `kill` takes it.
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
  /// `SIGKILL`, which a process cannot refuse.
  public static let kill = Signal(number: SIGKILL)

  package init(number: Int32) { self.number = number }

  /// Creates a signal from its name, with or without `SIG`, or its number; `nil` if there is none.
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

  /// Whether a process can catch it at all, and it is not one that the launcher needs for itself.
  public var canBeHandled: Bool { ![SIGKILL, SIGSTOP, SIGCHLD, SIGPIPE].contains(number) }

  /// Whether the launcher stops the job on it; `SIGUSR1` and `SIGUSR2` are only passed on.
  ///
  /// Batch systems send these two ahead of the end, so that workers can save their state.
  package var stopsTheJob: Bool { number != SIGUSR1 && number != SIGUSR2 }

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
  /// Its name, such as `SIGTERM`.
  public var description: String { Self.names[number].map { "SIG" + $0 } ?? "signal \(number)" }
}
