import FoundationEssentials
import Glibc

/// How often the kernel has killed a process for lack of memory, where this process is counted.
package struct MemoryKills: Sendable, Hashable {
  /// The file of the kernel that counts them.
  package var file: String

  /// How many there were.
  package var count: Int

  package init(file: String, count: Int) {
    self.file = file
    self.count = count
  }

  /// What the kernel says now; `nil` where it does not tell.
  package static var now: MemoryKills? {
    let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    for file in files(cgroups: groups) {
      if let text = try? String(contentsOfFile: file, encoding: .utf8), let count = count(in: text)
      {
        return MemoryKills(file: file, count: count)
      }
    }
    return nil
  }

  /// Where to look, the nearest first: the group of processes that this one is in, with version 2 of
  /// control groups or version 1, as the host names it or as a container does; then the whole machine.
  package static func files(cgroups: String) -> [String] {
    var files: [String] = []
    for line in cgroups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let path = fields[2] == "/" ? "" : fields[2]
      let (root, name): (String, String)
      if fields[0] == "0" {
        (root, name) = ("/sys/fs/cgroup", "memory.events")
      } else if fields[1].split(separator: ",").contains("memory") {
        (root, name) = ("/sys/fs/cgroup/memory", "memory.oom_control")
      } else {
        continue
      }
      files += ["\(root)\(path)/\(name)", "\(root)/\(name)"]
    }
    return files + ["/proc/vmstat"]
  }

  /// The number in a file's line `oom_kill N`.
  package static func count(in text: String) -> Int? {
    text.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
      .flatMap { Int($0.dropFirst(9)) }
  }

  /// What to say of a process that was killed, if there was a kill since `earlier`.
  package func message(since earlier: MemoryKills?) -> String? {
    guard let earlier, earlier.file == file, count > earlier.count else { return nil }
    return
      "the kernel killed it for lack of memory (oom_kill in \(file) went from \(earlier.count) to "
      + "\(count)): use smaller batches or fewer workers, or give the job more memory"
  }
}
