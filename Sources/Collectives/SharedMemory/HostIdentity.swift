internal import Foundation

/// What processes have in common that can share memory: the running kernel, and the processes in sight.
public struct HostIdentity: Hashable, Codable, Sendable {
  /// The kernel's identity since it was started.
  public var boot: String
  /// The process namespace; containers on one machine have their own.
  public var processes: String

  /// Names a host.
  public init(boot: String, processes: String) {
    (self.boot, self.processes) = (boot, processes)
  }

  /// The host that this process runs on.
  public static var current: HostIdentity {
    var link = [CChar](repeating: 0, count: 128)
    let count = readlink("/proc/self/ns/pid", &link, link.count - 1)
    let processes = link.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
    let boot =
      (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
    return HostIdentity(
      boot: String(boot.prefix(36)), processes: String(decoding: processes, as: UTF8.self))
  }
}
