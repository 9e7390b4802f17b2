import Foundation
import Glibc

/// A control group whose programs share a memory limit; the kernel kills one that exceeds it.
///
/// Needs root and a kernel that lets it create control groups.
public final class MemoryLimit {
  /// Whether this process may create one.
  public static let isAvailable = geteuid() == 0 && (try? MemoryLimit(byteCount: 1 << 30)) != nil

  private let path: String

  /// Creates a group, of version 1 or 2.
  public init(byteCount: Int) throws {
    let root = "/sys/fs/cgroup"
    let isFirstVersion = FileManager.default.fileExists(atPath: "\(root)/memory/cgroup.procs")
    let parent = isFirstVersion ? "\(root)/memory" : root
    path = "\(parent)/lockstep-\(getpid())-\(UInt32.random(in: .min ... .max))"
    if !isFirstVersion { try Self.write("+memory", to: "\(parent)/cgroup.subtree_control") }
    guard mkdir(path, 0o755) == 0 else { throw Refused(path: path) }
    if isFirstVersion {
      try Self.write("\(byteCount)", to: "\(path)/memory.limit_in_bytes")
    } else {
      try Self.write("\(byteCount)", to: "\(path)/memory.max")
      try Self.write("0", to: "\(path)/memory.swap.max")
    }
  }

  deinit { rmdir(path) }

  /// Starts a program, and all processes that it starts, in the group.
  public func start(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> ChildProcess {
    let script = #"echo $$ >"$0/cgroup.procs" && exec "$@""#
    return try ChildProcess(
      "/bin/sh", ["-c", script, path, ChildProcess.product(program)] + arguments,
      environment: environment)
  }

  private static func write(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Refused(path: path) }
    defer { close(descriptor) }
    guard Glibc.write(descriptor, text, text.utf8.count) > 0 else { throw Refused(path: path) }
  }

  private struct Refused: Error { let path: String }
}
