import Foundation

/// Hosts with addresses of their own on one machine: network namespaces joined by a bridge.
///
/// Everything lies in namespaces of its own, so the machine's network is not touched. Needs root.
public final class TestNetwork {
  /// Whether this process may make one.
  ///
  /// Found out by making one of no hosts: in a container root may not be allowed to.
  public static let isAvailable = geteuid() == 0 && (try? TestNetwork(hostCount: 0)) != nil

  private let name: String
  private let hostCount: Int

  /// Makes hosts with the addresses 10.77.0.1 and up, and a hub that joins them.
  public init(hostCount: Int) throws {
    name = "lockstep\(getpid())-\(UInt16.random(in: .min ... .max))"
    self.hostCount = hostCount
    try ip("netns", "add", hub)
    try ip("-n", hub, "link", "add", "bridge", "type", "bridge")
    try ip("-n", hub, "link", "set", "bridge", "up")
    for host in 0..<hostCount {
      try ip("netns", "add", namespace(host))
      try ip(
        "link", "add", "eth0", "netns", namespace(host), "type", "veth",
        "peer", "name", "port\(host)", "netns", hub)
      try ip("-n", hub, "link", "set", "port\(host)", "master", "bridge", "up")
      try ip("-n", namespace(host), "address", "add", "\(address(host))/24", "dev", "eth0")
      try ip("-n", namespace(host), "link", "set", "eth0", "up")
      try ip("-n", namespace(host), "link", "set", "lo", "up")
    }
  }

  deinit {
    for host in 0..<hostCount { try? ip("netns", "delete", namespace(host)) }
    try? ip("netns", "delete", hub)
  }

  /// The address under which the others reach a host.
  public func address(_ host: Int) -> String { "10.77.0.\(host + 1)" }

  /// Starts a program on a host.
  public func start(
    on host: Int, _ program: String, _ arguments: [String], environment: [String: String] = [:],
    in folder: TestFolder? = nil
  ) throws -> ChildProcess {
    let path = program.contains("/") ? program : ChildProcess.product(program)
    return try ChildProcess(
      "/bin/sh", ["-c", "exec ip netns exec \"$@\"", "sh", namespace(host), path] + arguments,
      environment: environment, in: folder)
  }

  /// Cuts or restores the link of a host, without notifying any process.
  public func setLink(_ host: Int, isUp: Bool) throws {
    try ip("-n", hub, "link", "set", "port\(host)", isUp ? "up" : "down")
  }

  private var hub: String { "\(name)-hub" }

  private func namespace(_ host: Int) -> String { "\(name)-\(host)" }

  private func ip(_ arguments: String...) throws {
    guard TestNetwork.runs("ip", arguments) else { throw NetworkError(arguments: arguments) }
  }

  private static func runs(_ program: String, _ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardOutput = FileHandle.nullDevice
    do { try process.run() } catch { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

/// Thrown when `ip` refuses; its own message is in the test's output.
struct NetworkError: Error, CustomStringConvertible {
  let arguments: [String]
  var description: String { "'ip \(arguments.joined(separator: " "))' failed" }
}
