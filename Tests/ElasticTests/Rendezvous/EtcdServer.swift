import Foundation
import ProcessHarness
import Testing

/// An etcd server for one test, on free ports of the loopback interface; it exits with the object.
final class EtcdServer {
  /// The reason why tests that need it are skipped.
  static let absence: Comment = "etcd is not installed: apt-get install etcd-server"

  /// The path of the program, if it is installed.
  static let program = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/etcd" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// The port for clients, and the port for other etcd servers.
  let port: Int
  let peerPort: Int
  private let process: ChildProcess

  /// Starts a server, and waits until it accepts requests.
  init() async throws {
    let program = try #require(Self.program)
    let folder = try TestFolder()
    port = freePort()
    peerPort = freePort()
    let client = "http://127.0.0.1:\(port)"
    let peer = "http://127.0.0.1:\(peerPort)"
    process = try ChildProcess(
      program,
      [
        "--data-dir", folder.file("data"), "--listen-client-urls", client,
        "--advertise-client-urls", client, "--listen-peer-urls", peer,
        "--initial-advertise-peer-urls", peer, "--initial-cluster", "default=\(peer)",
        "--unsafe-no-fsync",
      ], in: folder)
    let process = process
    try await value { process.errors.contains("ready to serve client requests") ? () : nil }
  }
}
