import Glibc

/// The priority of the threads that send and receive heartbeats.
enum ThreadPriority {
  /// Raises the calling thread's priority; without the permission, it stays unchanged.
  static func raise() {
    let process = __priority_which_t(PRIO_PROCESS.rawValue)
    _ = setpriority(process, 0, -10)  // on Linux 0 is the calling thread
  }
}
