import Glibc

/// The priority of threads on whose punctuality other nodes judge whether this one is alive.
enum ThreadPriority {
  /// Raises the calling thread's as far as this process may; without the right to, it stays.
  static func raise() {
    let process = __priority_which_t(PRIO_PROCESS.rawValue)
    _ = setpriority(process, 0, -10)  // on Linux 0 is the calling thread
  }
}
