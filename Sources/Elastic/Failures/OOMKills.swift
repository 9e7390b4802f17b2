import FoundationEssentials
import Glibc

/// The kernel's count of out-of-memory kills in this process's control group or on this machine.
package struct OOMKills: Sendable, Hashable {
  /// The file that contains the count.
  package var file: String

  /// The number of kills.
  package var count: Int

  package init(file: String, count: Int) {
    self.file = file
    self.count = count
  }

  /// The current count; `nil` if the kernel provides none.
  package static var current: OOMKills? {
    let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
    for file in files(cgroups: groups) {
      if let text = try? String(contentsOfFile: file, encoding: .utf8), let count = count(in: text)
      {
        return OOMKills(file: file, count: count)
      }
    }
    return nil
  }

  /// The files that may contain the count, the most specific first.
  ///
  /// Each control group of this process (version 1 or 2) contributes two paths: the one on the host
  /// and the one inside a container. The last file counts the kills on the whole machine.
  package static func files(cgroups: String) -> [String] {
    var files: [String] = []
    for line in cgroups.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let path = fields[2] == "/" ? "" : fields[2]
      let root: String
      let name: String
      if fields[0] == "0" {
        root = "/sys/fs/cgroup"
        name = "memory.events"
      } else if fields[1].split(separator: ",").contains("memory") {
        root = "/sys/fs/cgroup/memory"
        name = "memory.oom_control"
      } else {
        continue
      }
      files += ["\(root)\(path)/\(name)", "\(root)/\(name)"]
    }
    return files + ["/proc/vmstat"]
  }

  /// The number in the line `oom_kill N` of a file.
  package static func count(in text: String) -> Int? {
    text.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
      .flatMap { Int($0.dropFirst(9)) }
  }

  /// The explanation for a killed process; `nil` if the count did not rise since `earlier`.
  package func message(since earlier: OOMKills?) -> String? {
    guard let earlier, earlier.file == file, count > earlier.count else { return nil }
    return
      "the kernel killed the worker because memory ran out (oom_kill in \(file) rose from "
      + "\(earlier.count) to \(count)): use smaller batches or fewer workers, or give the job more "
      + "memory"
  }
}
