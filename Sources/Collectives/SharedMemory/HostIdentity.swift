internal import Foundation

/// Identifies a host: processes with equal identities can share memory.
package struct HostIdentity: Hashable, Codable, Sendable {
  /// The kernel's boot ID.
  package var boot: String
  /// The process (PID) namespace; each container on a machine has its own.
  package var processes: String

  /// Creates an identity.
  package init(boot: String, processes: String) {
    self.boot = boot
    self.processes = processes
  }

  /// The host that this process runs on.
  package static var current: HostIdentity {
    var link = [CChar](repeating: 0, count: 128)
    let count = readlink("/proc/self/ns/pid", &link, link.count - 1)
    let processes = link.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
    let boot =
      (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    return HostIdentity(
      boot: String(boot.prefix(36)), processes: String(decoding: processes, as: UTF8.self))
  }
}
