import Collectives
import Glibc
import Support
import Synchronization
import Testing

/// The server on a real port, with valid and invalid clients.
@Suite(.timeLimit(.minutes(5)))
struct TCPStoreServerTests {
  /// A connection that sends nothing by itself.
  private func rawSocket(_ server: TCPStoreServer) throws -> ClientSocket {
    let address = try #require(try HostAddress.resolve("127.0.0.1", server.port).get().first)
    return try ClientSocket(connectedTo: address, before: Deadline(after: .seconds(30)))
  }

  /// Receives `count` bytes.
  private func receive(_ count: Int, from socket: ClientSocket) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      try socket.receive(
        upTo: count - bytes.count, into: &bytes, before: Deadline(after: .seconds(30)))
    }
    return bytes
  }

  /// Sends bytes; returns whether the server closes the connection.
  private func isClosed(_ socket: ClientSocket, after bytes: [UInt8]) -> Bool {
    var answer: [UInt8] = []
    do throws(ClientSocket.Failure) {
      try socket.send(bytes, before: Deadline(after: .seconds(30)))
      while true {
        try socket.receive(upTo: 4096, into: &answer, before: Deadline(after: .seconds(30)))
      }
    } catch {
      return error != .timedOut
    }
  }

  @Test func aClientNeedsNoGreeting() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    let socket = try rawSocket(server)
    try socket.send(
      StoreRequest.add(key: [1], amount: 3).encoded, before: Deadline(after: .seconds(9)))
    #expect(try receive(8, from: socket) == [3, 0, 0, 0, 0, 0, 0, 0])
  }

  /// At level SOL_SOCKET, the value of TCP_NODELAY is SO_DEBUG, which only root may set; other
  /// users would lose every connection.
  @Test func socketOptionsAreSetAtTheirLevels() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    let socket = try rawSocket(server)
    try socket.send(
      StoreRequest.add(key: [1], amount: 3).encoded, before: Deadline(after: .seconds(9)))
    _ = try receive(8, from: socket)
    let accepted = (0..<1024).filter { peerIsKnown($0) && localPort($0) == server.port }
    try #require(accepted.count == 1)
    #expect(option(Int32(IPPROTO_TCP), TCP_NODELAY, of: accepted[0]) == 1)
    #expect(option(SOL_SOCKET, SO_KEEPALIVE, of: accepted[0]) == 1)
    #expect(option(SOL_SOCKET, SO_DEBUG, of: accepted[0]) == 0)
  }

  private func option(_ level: Int32, _ name: Int32, of descriptor: Int32) -> Int32 {
    var value: Int32 = -1
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, level, name, &value, &size)
    return value
  }

  private func peerIsKnown(_ descriptor: Int32) -> Bool {
    var address = sockaddr()
    var size = socklen_t(MemoryLayout<sockaddr>.size)
    return getpeername(descriptor, &address, &size) == 0
  }

  /// The port of an IPv4 socket's own end.
  private func localPort(_ descriptor: Int32) -> Int? {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    return status == 0 && address.sin_family == AF_INET
      ? Int(UInt16(bigEndian: address.sin_port)) : nil
  }

  @Test func requestsInOnePacketGetRepliesInOrder() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    let socket = try rawSocket(server)
    let requests: [StoreRequest] = [
      .validate(magic: StoreWire.magic), .ping(nonce: 77), .set(key: [1], value: [5]),
      .get(key: [1]), .wait(keys: [[1]]), .cancelWait, .keyCount,
    ]
    try socket.send(requests.flatMap(\.encoded), before: Deadline(after: .seconds(9)))
    let replies: [StoreReply] = [.nonce(77), .value([5]), .byte(0), .byte(1), .number(1)]
    let expected = replies.flatMap(\.encoded)
    #expect(try receive(expected.count, from: socket) == expected)
  }

  @Test(
    arguments: [
      [99], StoreRequest.validate(magic: 1).encoded, [3] + length(1 << 40),
      [1] + length(1) + [0] + length(9 << 20), [6] + length(200_000),
      Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8),
    ] as [[UInt8]])
  func aViolationClosesOnlyItsConnection(_ bytes: [UInt8]) throws {
    let reasons = Mutex<[String]>([])
    let server = try TCPStoreServer.start(host: "127.0.0.1") { reason in
      reasons.withLock { $0.append(reason) }
    }
    let healthy = try TCPStore(host: "127.0.0.1", port: server.port)
    try healthy.set("k", "v")
    #expect(isClosed(try rawSocket(server), after: bytes))
    #expect(try healthy.getString("k") == "v")
    let messages = reasons.withLock { $0 }
    #expect(messages.count == 1 && messages[0].contains("127.0.0.1"))
  }

  @Test func randomBytesDoNotAffectOtherClients() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    let isDone = Atomic(false)
    let counts = try withFuzzers(of: server, until: { isDone.load(ordering: .relaxed) }) {
      defer { isDone.store(true, ordering: .relaxed) }
      let store = try TCPStore(host: "127.0.0.1", port: server.port)
      for round in 1...100 {
        #expect(try store.add("n", 1) == Int64(round))
        try store.set("k", "\(round)")
        #expect(try store.getString("k") == "\(round)")
      }
    }
    #expect(counts.allSatisfy { $0 > 0 })
  }

  /// Runs `body` while four clients send random bytes; returns the number of connections of each.
  private func withFuzzers(
    of server: TCPStoreServer, until isDone: @escaping @Sendable () -> Bool,
    _ body: () throws -> Void
  ) throws -> [Int] {
    let fuzzers = (0..<4).map { seed in
      ThreadCall { [self] in
        var random = SeededGenerator(seed: UInt64(seed))
        var connections = 0
        repeat {
          let socket = try rawSocket(server)
          connections += 1
          let largest: UInt8 = Bool.random(using: &random) ? 255 : 18
          for _ in 0..<Int.random(in: 1...20, using: &random) {
            let bytes = (0..<Int.random(in: 1...200, using: &random)).map { _ in
              UInt8.random(in: 0...largest, using: &random)
            }
            do { try socket.send(bytes, before: Deadline(after: .seconds(9))) } catch { break }
          }
        } while !isDone()
        return connections
      }
    }
    let outcome = Result { try body() }
    let counts = try fuzzers.map { try $0.value() }
    try outcome.get()
    return counts
  }

  @Test func aClientThatDoesNotReadCannotExhaustTheMemory() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    let healthy = try TCPStore(host: "127.0.0.1", port: server.port)
    try healthy.set("large", [UInt8](repeating: 1, count: 4 << 20))
    try healthy.ping()
    let socket = try rawSocket(server)
    // 2000 replies of 4 MiB would be 8 GB.
    let requests = Array(
      repeating: StoreRequest.get(key: Array("/large".utf8)).encoded, count: 2000)
    let before = try residentBytes()
    try socket.send(requests.flatMap { $0 }, before: Deadline(after: .seconds(30)))
    for _ in 0..<50 { try healthy.ping() }
    #expect(try residentBytes() - before < 500 << 20)
    // The bytes that it does read are still correct.
    #expect(try receive(8 + 10, from: socket) == length(4 << 20) + [UInt8](repeating: 1, count: 10))
  }

  /// This process's resident memory, from the kernel's page count.
  private func residentBytes() throws -> Int {
    let file = try #require(fopen("/proc/self/statm", "r"))
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    fgets(&line, 256, file)
    let fields = String(decoding: line.map(UInt8.init(bitPattern:)), as: UTF8.self).split(
      separator: " ")
    return try #require(Int(fields[1])) * Int(getpagesize())
  }

  @Test func manyClientsShareAServer() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    let port = server.port
    let sums = try onThreads(64) { rank in
      let store = try TCPStore(host: "127.0.0.1", port: port)
      let sum = try store.add("arrived", 1)
      try store.set("rank\(rank)", "\(rank)")
      try store.wait((0..<64).map { "rank\($0)" })
      try store.barrier("all", worldSize: 64)
      return sum
    }
    #expect(Set(sums) == Set(1...64))
  }

  @Test func aPortInUseIsReportedWithTheRemedy() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    #expect(
      codeOfError { _ = try TCPStoreServer.start(host: "127.0.0.1", port: server.port) }
        == .addressInUse)
    let message = messageOfError {
      _ = try TCPStoreServer.start(host: "127.0.0.1", port: server.port)
    }
    #expect(
      message.contains("127.0.0.1 port \(server.port)") && message.contains("0 for a free one"))
  }

  @Test func aClosedServerFreesItsPort() throws {
    let first = try TCPStoreServer.start(host: "127.0.0.1")
    first.close()
    first.close()
    let second = try TCPStoreServer.start(host: "127.0.0.1", port: first.port)
    #expect(second.port == first.port)
    try TCPStore(host: "127.0.0.1", port: second.port).ping()
  }

  @Test(arguments: [(-1, "port -1"), (65_536, "port 65536")])
  func anInvalidPortIsReported(_ port: Int, _ words: String) {
    #expect(messageOfError { _ = try TCPStoreServer.start(port: port) }.contains(words))
    #expect(messageOfError { _ = try TCPStore(host: "a", port: port) }.contains(words))
  }

  @Test func listeningOnAnotherMachinesAddressIsAnError() {
    #expect(codeOfError { _ = try TCPStoreServer.start(host: "192.0.2.1") } == .io)
    #expect(
      codeOfError { _ = try TCPStoreServer.start(host: "no-such-host.invalid") } == .cannotResolve)
  }

  @Test(arguments: ["127.0.0.1", "localhost", "::1", "[::1]"])
  func allAddressesAreServedByDefault(_ host: String) throws {
    let server = try TCPStoreServer.start()
    try TCPStore(host: host, port: server.port, timeout: .seconds(20)).ping()
  }

  @Test func childProcessesInheritNoSocket() throws {
    let store = try TCPStore(host: "127.0.0.1", port: 0, isHost: true)
    try store.ping()
    let flags = (0..<1024).filter { isSocket(of: store.port, $0) }.map { fcntl($0, F_GETFD) }
    // The listening and the accepted socket; the client's has another port.
    #expect(flags == [FD_CLOEXEC, FD_CLOEXEC])
  }

  private func isSocket(of port: Int, _ descriptor: Int32) -> Bool {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return status == 0 && Int(UInt16(bigEndian: address.sin_port)) == port
  }
}
