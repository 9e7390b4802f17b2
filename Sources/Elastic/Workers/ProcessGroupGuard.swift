import CSpawn
import Glibc

/// A child process that cleans up if the launcher is killed.
///
/// It kills the workers' process groups and deletes the launcher's temporary folder. Workers die
/// with the launcher even without it; the guard is for the processes that the workers started. A
/// process that moved to another process group survives, because the guard does not know that
/// group.
final class ProcessGroupGuard {
  /// The process id of the guard; `nil` if it could not be started and workers run without it.
  let pid: pid_t?

  /// The pipe through which new workers register their process groups.
  let channel: Descriptor?

  /// Starts the guard.
  ///
  /// Call this before the launcher starts other threads.
  ///
  /// - Parameter folder: The folder to delete, if there is one.
  init(deleting folder: String?) {
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

  /// Unregisters a process group; must be called before the group's id can be reused.
  func remove(_ group: pid_t) {
    guard let channel else { return }
    var message = -group
    _ = write(channel.number, &message, MemoryLayout<pid_t>.size)
  }
}
