import CSpawn
import FoundationEssentials
import Glibc

/// The launcher's descendants other than its workers: processes that workers started and left
/// behind.
///
/// As a subreaper, the launcher becomes the parent of these orphans, whatever their process group,
/// so it can find and kill them. This needs the kernel's list of children in `/proc`
/// (`CONFIG_PROC_CHILDREN`); without it, only the processes in the workers' own groups are killed.
enum Descendants {
  /// Starts or stops adopting orphaned descendants.
  static func adoptOrphans(_ adopt: Bool) { _ = cspawn_adopt_orphans(adopt ? 1 : 0) }

  /// Reaps the adopted processes that have exited.
  static func reapOrphans(except known: Set<pid_t>) {
    for child in children where !known.contains(child) { waitpid(child, nil, WNOHANG) }
  }

  /// Kills all adopted processes, including those that are adopted when their parents die.
  ///
  /// - Returns: The processes that do not exit.
  static func killAll(except known: Set<pid_t>) -> Set<pid_t> {
    var stuck: Set<pid_t> = []
    for _ in 0..<1000 {  // each iteration kills one generation; the bound protects from fork bombs
      let adopted = children.subtracting(known).subtracting(stuck)
      if adopted.isEmpty { break }
      for child in adopted { kill(child, SIGKILL) }
      for child in adopted where !reap(child) { stuck.insert(child) }
    }
    return stuck
  }

  /// Waits up to ten seconds for a killed child to exit, and reaps it.
  ///
  /// The kernel cannot end a process that waits for a device or a file system.
  ///
  /// - Returns: Whether the child exited.
  static func reap(_ child: pid_t) -> Bool {
    for _ in 0..<50_000 {
      let result = waitpid(child, nil, WNOHANG)
      if result > 0 || result < 0 && errno != EINTR { return true }
      usleep(200)
    }
    return false
  }

  /// Whether a process is a descendant of this one.
  static func contains(_ process: pid_t) -> Bool {
    var process = process
    for _ in 0..<1000 {  // the ancestors may change meanwhile
      guard process > 1, let parent = parent(of: process) else { return false }
      if parent == getpid() { return true }
      process = parent
    }
    return false
  }

  private static func parent(of process: pid_t) -> pid_t? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
      return nil
    }
    // The name in parentheses may contain any character; the state and the parent follow it.
    let text = String(decoding: data, as: UTF8.self)
    let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
    return fields.count > 2 ? pid_t(fields[2]) : nil
  }

  /// The processes whose parent is this process.
  static var children: Set<pid_t> {
    var result: Set<pid_t> = []
    for thread in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? [] {
      guard let file = try? Descriptor.open("/proc/self/task/\(thread)/children", O_RDONLY) else {
        continue
      }
      var text: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 4096)
      while case let count = read(file.number, &chunk, chunk.count), count > 0 {
        text += chunk[..<count]
      }
      result.formUnion(
        text.split(separator: 0x20).compactMap {
          pid_t(String(decoding: $0, as: UTF8.self))
        })
    }
    return result
  }
}
