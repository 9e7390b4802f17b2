import CSpawn
import Glibc

/// A process that cleans up when the launcher is killed itself: it kills the workers' process groups, and
/// deletes the launcher's temporary folder.
///
/// Workers die with the launcher by themselves; this is for what they had started. Processes that
/// moved to another group escape it, as nobody is left who knows them.
final class ProcessGroupGuard {
  /// Its process id; `nil` if it could not be started, and the workers have to do without.
  let pid: pid_t?

  /// Where new workers register themselves.
  let channel: Descriptor?

  /// Starts the process; to be called before the launcher has other threads.
  ///
  /// - Parameter folder: The folder to delete, if there is one.
  init(of folder: String?) {
    var number: Int32 = -1
    let pid = cspawn_start_guard(folder, &number)
    self.pid = pid > 0 ? pid : nil
    channel = pid > 0 ? Descriptor(owning: number) : nil
  }

  deinit {
    guard let pid else { return }
    kill(pid, SIGKILL)
    waitpid(pid, nil, 0)
  }

  /// Takes a process group out again, before its number can be given to another.
  func remove(_ group: pid_t) {
    guard let channel else { return }
    var message = -group
    _ = write(channel.number, &message, MemoryLayout<pid_t>.size)
  }
}
