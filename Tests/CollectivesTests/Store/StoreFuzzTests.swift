import Collectives
import Glibc
import NIOCore
import NIOEmbedded
import Support
import Synchronization
import Testing

/// Invalid, incomplete and idle connections are closed and do not affect other clients.
@Suite(.timeLimit(.minutes(5))) struct StoreFuzzTests {
  /// Some complete requests, followed by an invalid or incomplete one.
  struct Stream {
    enum End: CaseIterable { case cutShort, unknownOperation, hugeLength, tooManyKeys, wrongMagic }

    let requests: [StoreRequest]
    let end: End
    let bytes: [UInt8]

    init(using random: inout SeededGenerator) {
      requests = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        StoreRequestParserTests.requests.randomElement(using: &random) ?? .keyCount
      }
      end = End.allCases.randomElement(using: &random) ?? .cutShort
      let tail: [UInt8]
      switch end {
      case .cutShort:
        let last =
          StoreRequestParserTests.requests.filter { $0.encoded.count > 1 }
          .randomElement(using: &random)?.encoded ?? [1]
        tail = Array(last.prefix(Int.random(in: 1..<last.count, using: &random)))
      case .unknownOperation: tail = [UInt8.random(in: 19...255, using: &random)]
      case .hugeLength:
        tail =
          [[1, 2, 3, 4, 8, 9, 14, 15, 16, 18].randomElement(using: &random) ?? 1]
          + length(Int.random(in: StoreLimits.keyBytes + 1...Int.max, using: &random))
      case .tooManyKeys:
        tail =
          [[5, 6, 10, 11].randomElement(using: &random) ?? 5]
          + length(Int.random(in: StoreLimits.keysPerRequest + 1...Int.max, using: &random))
      case .wrongMagic:
        let wrong = UInt32.random(in: 0..<StoreWire.magic, using: &random)
        tail = StoreRequest.validate(magic: wrong).encoded
      }
      let noise =
        end == .cutShort
        ? []
        : (0..<Int.random(in: 0...40, using: &random)).map { UInt8(truncatingIfNeeded: $0 * 37) }
      bytes = requests.flatMap(\.encoded) + tail + noise
    }

    /// The bytes in random pieces, as a network may deliver them.
    func pieces(using random: inout SeededGenerator) -> [[UInt8]] {
      var rest = bytes[...]
      var pieces: [[UInt8]] = []
      while !rest.isEmpty {
        let count =
          Bool.random(using: &random) ? rest.count : Int.random(in: 1...40, using: &random)
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      return pieces
    }
  }

  @Test func invalidStreamsAreParsedUpToTheViolation() {
    var random = SeededGenerator(seed: 4)
    for number in 0..<10_000 {
      let stream = Stream(using: &random)
      var parser = StoreRequestParser()
      var parsed: [StoreRequest] = []
      var violation: StoreViolation?
      do throws(StoreViolation) {
        for piece in stream.pieces(using: &random) {
          parser.append(piece)
          while let request = try parser.next() { parsed.append(request) }
        }
      } catch {
        violation = error
      }
      // The server checks the magic number, not the parser; random bytes follow it.
      if stream.end == .wrongMagic {
        #expect(parsed.starts(with: stream.requests), "stream \(number)")
      } else {
        #expect(parsed == stream.requests, "stream \(number)")
        #expect((violation == nil) == (stream.end == .cutShort), "stream \(number), \(stream.end)")
      }
      #expect(parser.heldBytes <= stream.bytes.count)
    }
  }

  /// The server's pipeline, on channels without sockets.
  @Test func invalidConnectionsAreClosedAndLeaveNoState() throws {
    let loop = EmbeddedEventLoop()
    let dropped = Mutex(0)
    let router = StoreRouter(loop: loop, limits: StoreServerLimits()) { _ in
      dropped.withLock { $0 += 1 }
    }
    func connect() throws -> EmbeddedChannel {
      let channel = EmbeddedChannel(handler: StoreConnectionHandler(router), loop: loop)
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      return channel
    }
    func send(_ bytes: [UInt8], on channel: EmbeddedChannel) throws {
      try channel.writeInbound(ByteBuffer(bytes: bytes))
    }
    let healthy = try connect()
    var random = SeededGenerator(seed: 5)
    var violations = 0
    for number in 1...10_000 {
      let client = try connect()
      let stream = Stream(using: &random)
      for piece in stream.pieces(using: &random) where client.isActive {
        try send(piece, on: client)
      }
      loop.run()
      // An incomplete request is valid. A complete one before it may not be, such as an add to a
      // non-integer.
      if stream.end != .cutShort { #expect(!client.isActive, "connection \(number)") }
      if client.isActive {
        #expect(router.clientCount == 2)
        try client.close().wait()
      } else {
        violations += 1
      }
      #expect(router.clientCount == 1)
      try send(StoreRequest.add(key: Array("healthy".utf8), amount: 1).encoded, on: healthy)
      loop.run()
      let reply = try healthy.readOutbound(as: ByteBuffer.self)
      #expect(reply.map { Array($0.readableBytesView) } == length(number))
    }
    #expect(dropped.withLock { $0 } == violations)
    _ = try? healthy.finish()
  }

  @Test func thousandsOfIdleConnectionsAreClosed() throws {
    try raiseFileLimit()
    var limits = StoreServerLimits()
    limits.firstRequestTimeout = 1
    let server = try TCPStoreServer.start(host: "127.0.0.1", limits: limits)
    let healthy = try TCPStore(host: "127.0.0.1", port: server.port)
    let half = Array(StoreRequest.set(key: [1], value: [2, 3]).encoded.dropLast())
    let clients = try (0..<2000).map { number in
      let client = try rawSocket(server)
      try client.send(Array(half.prefix(number % 3 * 9)), before: Deadline(after: .seconds(9)))
      return client
    }
    for round in 1...200 { #expect(try healthy.add("n", 1) == Int64(round)) }
    for client in clients { #expect(isClosed(client)) }
    #expect(try healthy.add("n", 1) == 201)
  }

  @Test func theOldestSilentConnectionGivesWayToANewOne() throws {
    var limits = StoreServerLimits()
    limits.connections = 3
    let server = try TCPStoreServer.start(host: "127.0.0.1", limits: limits)
    let healthy = try TCPStore(host: "127.0.0.1", port: server.port)
    let clients = try (0..<50).map { _ in try rawSocket(server) }
    for client in clients.dropLast(2) { #expect(isClosed(client)) }
    #expect(try healthy.add("n", 1) == 1)
    #expect(try TCPStore(host: "127.0.0.1", port: server.port).add("n", 1) == 2)
  }

  /// With values whose last byte never arrives.
  @Test func incompleteRequestsCannotExhaustTheMemory() throws {
    var limits = StoreServerLimits()
    limits.unfinishedBytes = 20 << 20
    let server = try TCPStoreServer.start(host: "127.0.0.1", limits: limits)
    let healthy = try TCPStore(host: "127.0.0.1", port: server.port)
    let request = [1] + length(1) + [0] + length(8 << 20) + [UInt8](repeating: 1, count: 6 << 20)
    let clients = try (0..<10).map { _ in
      let client = try rawSocket(server)
      try? client.send(request, before: Deadline(after: .seconds(30)))
      return client
    }
    // Three of 6 MiB fit; a further one exceeds the limit, and the largest is closed.
    for round in 1...50 { #expect(try healthy.add("n", 1) == Int64(round)) }
    let end = Deadline(after: .seconds(20))
    while accepted(server) > 1 + 3, end.remaining > .zero { usleep(10_000) }
    #expect(accepted(server) == 1 + 3)
    withExtendedLifetime(clients) {}
  }

  private func rawSocket(_ server: TCPStoreServer) throws -> ClientSocket {
    let address = try #require(try HostAddress.resolve("127.0.0.1", server.port).get().first)
    return try ClientSocket(connectedTo: address, before: Deadline(after: .seconds(30)))
  }

  /// Whether the server closes the connection without a reply.
  private func isClosed(_ socket: ClientSocket) -> Bool {
    var answer: [UInt8] = []
    do throws(ClientSocket.Failure) {
      try socket.receive(upTo: 1, into: &answer, before: Deadline(after: .seconds(30)))
      return false
    } catch {
      return error != .timedOut
    }
  }

  /// The number of connections that the server, which runs in this process, has accepted.
  private func accepted(_ server: TCPStoreServer) -> Int {
    (0..<4096).count { descriptor in
      // Large enough for an address of any family; the port of IPv4 is at byte 2.
      withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { memory in
        guard let address = memory.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
          return false
        }
        var size = socklen_t(memory.count)
        guard getpeername(Int32(descriptor), address, &size) == 0 else { return false }
        size = socklen_t(memory.count)
        guard getsockname(Int32(descriptor), address, &size) == 0 else { return false }
        let port = UnsafeRawBufferPointer(memory).load(fromByteOffset: 2, as: UInt16.self)
        return Int(UInt16(bigEndian: port)) == server.port
      }
    }
  }

  private func raiseFileLimit() throws {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    try #require(getrlimit(resource, &limit) == 0)
    limit.rlim_cur = limit.rlim_max
    try #require(setrlimit(resource, &limit) == 0 && limit.rlim_cur > 4200)
  }
}
