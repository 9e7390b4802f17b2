import CSpawn
import Glibc

/// The signals sent to the launcher, as a descriptor that `poll` can wait for.
///
/// It has to be made before any other thread is started, because threads inherit the mask that keeps
/// these signals from interrupting them.
struct SignalInbox {
  let descriptor: Descriptor

  /// Takes over some signals, and SIGCHLD; SIGPIPE is ignored from here on.
  ///
  /// SIGHUP stays ignored where it is already, under `nohup`.
  init(_ signals: [Signal]) throws(ElasticError) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGCHLD)
    for signal in signals where !(signal == .hangup && Self.isIgnored(signal)) {
      sigaddset(&set, signal.number)
    }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    signal(SIGPIPE, SIG_IGN)
    let number = signalfd(-1, &set, O_CLOEXEC | O_NONBLOCK)
    guard number >= 0 else {
      throw ElasticError(.system, "cannot watch for signals: \(systemMessage(errno))")
    }
    descriptor = Descriptor(owning: number)
  }

  /// Takes the next signal that arrived; `nil` if there is none.
  func next() -> Signal? {
    var info = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    guard read(descriptor.number, &info, size) == size else { return nil }
    return Signal(number: Int32(info.ssi_signo))
  }

  private static func isIgnored(_ signal: Signal) -> Bool {
    var action = sigaction()
    sigaction(signal.number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1  // SIG_IGN
  }
}
