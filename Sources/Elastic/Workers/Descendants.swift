import CSpawn
import FoundationEssentials
import Glibc

/// The processes below the launcher that are not its workers: what workers started and left behind.
///
/// As a subreaper the launcher becomes the parent of such orphans, wherever their process group is,
/// and so it can find and end them. Finding them needs the kernel's list of children in `/proc`
/// (`CONFIG_PROC_CHILDREN`); without it only those in the workers' own groups are ended.
enum Descendants {
  /// Makes this process the parent of its descendants' orphans, or no longer.
  static func adoptOrphans(_ adopt: Bool) { _ = cspawn_adopt_orphans(adopt ? 1 : 0) }

  /// Lets go of adopted processes that have ended.
  static func reap(except known: Set<pid_t>) {
    for child in children where !known.contains(child) { waitpid(child, nil, WNOHANG) }
  }

  /// Kills all adopted processes and what they leave behind in turn, until none is left.
  ///
  /// - Returns: Those that do not end.
  static func killAll(except known: Set<pid_t>) -> Set<pid_t> {
    var stuck: Set<pid_t> = []
    for _ in 0..<1000 {  // each round ends one generation; a fork bomb must not keep us here
      let adopted = children.subtracting(known).subtracting(stuck)
      if adopted.isEmpty { break }
      for child in adopted { kill(child, SIGKILL) }
      for child in adopted where !release(child) { stuck.insert(child) }
    }
    return stuck
  }

  /// Lets go of a child that has been killed; answers whether it has ended.
  ///
  /// The kernel cannot end a process while that waits for a device or a file system; after ten seconds it is
  /// given up.
  static func release(_ child: pid_t) -> Bool {
    for _ in 0..<50_000 {
      let result = waitpid(child, nil, WNOHANG)
      if result > 0 || result < 0 && errno != EINTR { return true }
      usleep(200)
    }
    return false
  }

  /// The processes whose parent is this one.
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
