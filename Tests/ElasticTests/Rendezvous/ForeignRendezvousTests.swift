import Collectives
import Elastic
import Foundation
import Glibc
import ProcessHarness
import Support
import Testing

/// Other programs at the endpoint of a job.
///
/// PyTorch's store stands for torchrun here; the peer tests use torchrun itself.
@Suite(.timeLimit(.minutes(2))) struct ForeignRendezvousTests {
  private func node(
    _ port: Int, _ options: [String], program: [String] = ["sleep", "100"]
  ) throws -> Launcher {
    try Launcher(["--rdzv-endpoint=127.0.0.1:\(port)", "--nproc-per-node=1"] + options + program)
  }

  /// A server that answers every connection with some bytes, or closes it.
  private func server(answering bytes: [UInt8]?) throws -> (descriptor: Int32, port: Int) {
    try server { connection in
      if let bytes { _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
    }
  }

  /// A server that serves every connection on a thread of its own, and then closes it.
  private func server(
    _ serve: @escaping @Sendable (Int32) -> Void
  ) throws -> (descriptor: Int32, port: Int) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, length)
        _ = getsockname(descriptor, $0, &length)
      }
    }
    try #require(listen(descriptor, 16) == 0)
    Thread {
      while case let connection = accept(descriptor, nil, nil), connection >= 0 {
        Thread {
          serve(connection)
          close(connection)
        }.start()
      }
    }.start()
    return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
  }

  @Test(arguments: [
    ["--nnodes=2", "--rdzv-backend=c10d"], ["--nnodes=1:2", "--rdzv-backend=c10d"],
    ["--nnodes=2", "--node-rank=1"],
    ["--nnodes=3", "--rdzv-backend=c10d", "--rdzv-conf=is_host=0"],
    ["--nnodes=2:3", "--rdzv-backend=c10d", "--rdzv-conf=join_timeout=900"],
  ])
  func aNodeRecognizesPyTorchsStoreAtItsEndpoint(options: [String]) async throws {
    let store = try TCPStoreServer.start(host: "127.0.0.1")
    let result = try await node(store.port, options).result()
    #expect(result.code == 78)
    #expect(
      result.errors.contains(
        "belongs to another program: the process that listens there is PyTorch's store"))
    #expect(result.errors.contains("Start all nodes with lockstep run (or all with torchrun)"))
  }

  /// torchrun's server ignores what it does not understand, and keeps the connection open.
  @Test(arguments: [
    ["--nnodes=2", "--rdzv-backend=c10d"], ["--nnodes=1:2", "--rdzv-backend=c10d"],
    ["--nnodes=2", "--node-rank=1"], ["--nnodes=2:4", "--rdzv-backend=c10d"],
    ["--nnodes=4", "--node-rank=3"],
  ])
  func aNodeRecognizesAStoreThatIgnoresOtherBytes(options: [String]) async throws {
    let (descriptor, port) = try server { connection in
      var bytes = [UInt8](repeating: 0, count: 64)
      while case let count = recv(connection, &bytes, bytes.count, 0), count > 0 {
        guard count == 10, bytes[0] == 0, bytes[5] == 13 else { continue }
        _ = send(connection, Array(bytes[6..<10]), 4, Int32(MSG_NOSIGNAL))
      }
    }
    defer { shutdown(descriptor, Int32(SHUT_RDWR)) }
    let result = try await node(port, options).result()
    #expect(result.code == 78, "\(result.errors)")
    #expect(result.errors.contains("is PyTorch's store, as for torchrun's nodes"))
  }

  /// Another node's check of the endpoint does not count as a node of torchrun.
  @Test func aProbeOfANodeDoesNotEndAWaitingJob() async throws {
    let port = freePort()
    let host = try node(port, ["--nnodes=2", "--rdzv-backend=c10d"], program: ["true"])
    let hello: [UInt8] = [0, 0xCE, 0xF7, 0x85, 0x3C]
    let probe = hello + [13] + Array("LOCK".utf8)
    for bytes in [probe, hello, Array(hello.prefix(3))] {
      try await value { Self.isDelivered(bytes, to: port) ? () : nil }
    }
    let other = try node(port, ["--nnodes=2", "--rdzv-backend=c10d"], program: ["true"])
    for launcher in [host, other] { #expect(try await launcher.result().code == 0) }
  }

  private static func isDelivered(_ bytes: [UInt8], to port: Int) -> Bool {
    guard case .success(let addresses) = HostAddress.resolve("127.0.0.1", port),
      let address = addresses.first,
      let socket = try? ClientSocket(connectedTo: address, before: Deadline(after: .seconds(5)))
    else { return false }
    return (try? socket.send(bytes, before: Deadline(after: .seconds(5)))) != nil
  }

  @Test(arguments: [
    "HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "220 mail\r\n",
    "\u{0}\u{0}\u{1}",
    "LOCKSTEP-RDZV-9\n",
  ])
  func aNodeRecognizesOtherProtocols(greeting: String) async throws {
    let (descriptor, port) = try server(answering: Array(greeting.utf8))
    defer { shutdown(descriptor, Int32(SHUT_RDWR)) }
    let result = try await node(
      port, ["--nnodes=2", "--rdzv-backend=c10d", "--rdzv-conf=is_host=0"]
    ).result()
    #expect(result.code == 78, "\(result.errors)")
    #expect(result.errors.contains("does not use Lockstep's rendezvous protocol"))
  }

  /// A host that is about to start may close connections, so the node tries again.
  @Test func aNodeWaitsForAServerThatOnlyClosesConnections() async throws {
    let (descriptor, port) = try server(answering: nil)
    let node = try node(
      port, ["--nnodes=2", "--rdzv-backend=c10d", "--rdzv-conf=is_host=0"], program: ["true"])
    try await Task.sleep(for: .seconds(4))
    #expect(isAlive(node.processIdentifier))
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
    let host = try self.node(port, ["--nnodes=2", "--rdzv-backend=c10d"], program: ["true"])
    for launcher in [host, node] {
      let result = try await launcher.result()
      #expect(result.code == 0, "\(result.errors)")
    }
  }

  @Test(arguments: [
    ["--nnodes=2", "--rdzv-backend=c10d"], ["--nnodes=1:2", "--rdzv-backend=c10d"],
    ["--nnodes=2", "--node-rank=0"], ["--nnodes=3", "--node-rank=0"],
    ["--nnodes=2:9", "--rdzv-backend=c10d", "--rdzv-conf=is_host=1"],
  ])
  func aWaitingHostRecognizesAClientOfPyTorchsStore(options: [String]) async throws {
    let port = freePort()
    let host = try node(port, options)
    await #expect(throws: (any Error).self) {
      try await onThread {
        _ = try TCPStore(host: "127.0.0.1", port: port, timeout: .seconds(8))
      }
    }
    let result = try await host.result()
    #expect(result.code == 78, "\(result.errors)")
    #expect(result.errors.contains("a client of PyTorch's store, such as a torchrun node"))
    #expect(result.errors.contains("127.0.0.1"))
  }

  @Test func aRunningJobContinues() async throws {
    let job = try NodesTests.Job(
      ["--nnodes=2", "--rdzv-backend=c10d"], "say; wait_for end; echo done")
    let nodes = try (0..<2).map { try job.start($0) }
    for node in nodes { try await value { node.output.contains("of 2") ? () : nil } }
    let port = job.port
    for _ in 0..<3 {
      await #expect(throws: (any Error).self) {
        try await onThread {
          _ = try TCPStore(host: "127.0.0.1", port: port, timeout: .seconds(1))
        }
      }
    }
    try job.mark("end")
    var notices = 0
    for node in nodes {
      let result = try await node.result()
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.contains("done"))
      notices += result.errors.matches(of: /a client of PyTorch's store/).count
    }
    #expect(notices == 1)
  }

  @Test func doctorDoesNotDisturbAWaitingJob() async throws {
    let port = freePort()
    let host = try node(port, ["--nnodes=2", "--rdzv-backend=c10d"], program: ["true"])
    let doctor = try await ChildProcess.run(
      "/bin/sh",
      [
        "-c",
        """
        for i in 1 2 3 4 5 6 7 8 9 10; do
          "$0" doctor 127.0.0.1:\(port) --timeout 1 > "$DIR/out"
          grep "a job of lockstep run answers" "$DIR/out" && exit 0; sleep 0.3
        done
        cat "$DIR/out"; exit 1
        """, Launcher.path,
      ])
    #expect(doctor.code == 0, "\(doctor.output)")
    let other = try node(port, ["--nnodes=2", "--rdzv-backend=c10d"], program: ["true"])
    for launcher in [host, other] { #expect(try await launcher.result().code == 0) }
  }

  @Test func aFileOfTorchrunIsRecognized() async throws {
    let folder = try TestFolder()
    let path = folder.file("rendezvous")
    let store = try FileStore(path: path)
    try store.set("torch.rendezvous.job7", "Y2FuaW1hZGFt")
    func result(_ id: String) async throws -> ChildProcess.Result {
      try await Launcher.run(
        "--nnodes=1:2", "--rdzv-backend=c10d", "--rdzv-endpoint=\(path)", "--rdzv-id=\(id)",
        "--rdzv-conf=store_type=file,last_call_timeout=0.1", "true")
    }
    let same = try await result("job7")
    #expect(same.code == 78, "\(same.errors)")
    #expect(same.errors.contains("belongs to a job of torchrun with the same id"))
    #expect(try await result("job8").code == 0)
  }
}
