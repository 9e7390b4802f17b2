import Collectives
import ProcessHarness
import Synchronization
import Testing

/// The client: connections, timeouts, and the loss of the server.
@Suite(.timeLimit(.minutes(5)))
struct TCPStoreTests {
  @Test func aClientMayStartBeforeItsServer() throws {
    let port = freePort()
    let early = ThreadCall {
      try TCPStore(host: "127.0.0.1", port: port, timeout: .seconds(60)).ping()
    }
    let later = ThreadCall {
      try TCPStore(host: "127.0.0.1", port: port, timeout: .seconds(60)).ping()
    }
    #expect(!early.hasReturned)
    let server = try TCPStoreServer.start(host: "127.0.0.1", port: port)
    try early.value()
    try later.value()
    server.close()
  }

  @Test func aRefusedConnectionIsReported() throws {
    let port = freePort()
    let open = { _ = try TCPStore(host: "127.0.0.1", port: port, timeout: .milliseconds(300)) }
    #expect(codeOfError(open) == .connectionRefused)
    let message = messageOfError(open)
    #expect(message.contains("127.0.0.1:\(port)") && message.contains("times in"))
  }

  @Test func anUnknownHostIsReported() {
    let open = {
      _ = try TCPStore(host: "no-such-host.invalid", port: 1, timeout: .milliseconds(50))
    }
    #expect(codeOfError(open) == .cannotResolve)
    #expect(messageOfError(open).contains("no-such-host.invalid"))
  }

  @Test func anotherKindOfServerIsDetected() throws {
    let listener = try BadServer(answer: Array("HTTP/1.1 400 Bad Request".utf8))
    let open = { _ = try TCPStore(host: "127.0.0.1", port: listener.port, timeout: .seconds(60)) }
    #expect(codeOfError(open) == .protocolViolation)
    listener.close()
  }

  @Test func aWaitEndsWhenTheServerCloses() throws {
    let server = try TCPStoreServer.start(host: "127.0.0.1")
    let store = try TCPStore(host: "127.0.0.1", port: server.port, timeout: .seconds(60))
    let call = ThreadCall { try store.wait(["never"]) }
    // Once a request that was sent after the wait has a reply, the wait has reached the server.
    let other = try store.clone()
    while try other.check(["waiting"]) == false { try other.set("waiting", "") }
    server.close()
    #expect(codeOfError { try call.value() } == .connectionLost)
    #expect(codeOfError { _ = try store.keyCount() } == .connectionLost)
    #expect(messageOfError { _ = try store.keyCount() }.contains("127.0.0.1:\(server.port)"))
  }

  @Test func aServerThatDoesNotReplyTimesOut() throws {
    let listener = try BadServer(answer: [])
    let open = {
      _ = try TCPStore(host: "127.0.0.1", port: listener.port, timeout: .milliseconds(200))
    }
    #expect(codeOfError(open) == .timedOut)
    listener.close()
  }

  @Test func aWaitDoesNotBlockAClone() throws {
    let store = try TCPStore(host: "127.0.0.1", port: 0, isHost: true, timeout: .seconds(60))
    let clone = try store.clone()
    let call = ThreadCall { try store.get("k") }
    try clone.set("k", "v")
    #expect(try call.value() == Array("v".utf8))
  }

  @Test func aCloneRetainsTheServer() throws {
    var store: TCPStore? = try TCPStore(host: "127.0.0.1", port: 0, isHost: true)
    try store?.set("k", "v")
    let clone = try #require(try store?.clone())
    store = nil
    #expect(try clone.getString("k") == "v")
  }

  @Test func hostsOfOneProcessShareAServer() throws {
    let first = try TCPStore(host: "127.0.0.1", port: 0, isHost: true)
    try first.set("k", "v")
    let second = try TCPStore(host: "127.0.0.1", port: first.port, isHost: true)
    #expect(try second.getString("k") == "v")
  }

  @Test func theHostWaitsForAllWorkers() throws {
    let port = freePort()
    let stores = try onThreads(4) { rank in
      try TCPStore(
        host: "127.0.0.1", port: port, isHost: rank == 0, worldSize: 4, timeout: .seconds(60))
    }
    // The host's initializer returned after all had connected; the protocol's counter is not a
    // user's key.
    defer { withExtendedLifetime(stores) {} }
    #expect(try stores[0].add("after", 1) == 1)
    #expect(try stores[0].listKeys() == ["after"])
    #expect(try stores[3].keyCount() == 2)
  }

  @Test func theHostReportsHowManyWorkersConnected() throws {
    let message = messageOfError {
      _ = try TCPStore(
        host: "127.0.0.1", port: 0, isHost: true, worldSize: 3, timeout: .milliseconds(100))
    }
    #expect(message.contains("1 of 3"))
  }

  @Test func oversizedArgumentsAreInvalid() throws {
    let store = try TCPStore(host: "127.0.0.1", port: 0, isHost: true)
    let longest = String(repeating: "k", count: StoreLimits.keyBytes - 1)
    try store.set(longest, [UInt8](repeating: 1, count: StoreLimits.valueBytes))
    #expect(try store.get(longest).count == StoreLimits.valueBytes)
    #expect(codeOfError { try store.set(longest + "k", "") } == .invalidArgument)
    let tooMuch = [UInt8](repeating: 1, count: StoreLimits.valueBytes + 1)
    #expect(codeOfError { try store.set("k", tooMuch) } == .invalidArgument)
    let tooMany = Array(repeating: "k", count: StoreLimits.keysPerRequest + 1)
    #expect(codeOfError { _ = try store.check(tooMany) } == .invalidArgument)
    #expect(try store.keyCount() == 1)
  }

  @Test func eachItemGoesToOneClient() throws {
    let store = try TCPStore(host: "127.0.0.1", port: 0, isHost: true, timeout: .seconds(60))
    let takers = try (0..<4).map { _ in try store.clone() }
    let calls = takers.map { taker in
      ThreadCall { try (0..<25).map { _ in try taker.queuePop("jobs") } }
    }
    for number in UInt8(0)..<100 { try store.queuePush("jobs", [number]) }
    let taken = try calls.flatMap { try $0.value() }
    #expect(Set(taken) == Set((UInt8(0)..<100).map { [$0] }))
    #expect(try store.queueLength("jobs") == 0)
    #expect(codeOfError { _ = try store.queuePop("jobs", timeout: .milliseconds(5)) } == .timedOut)
    #expect(try store.check(["jobs"]) == false)
  }

  @Test func aBarriersTimeoutReportsHowManyArrived() throws {
    let store = try TCPStore(host: "127.0.0.1", port: 0, isHost: true)
    let other = try store.clone()
    #expect(
      messageOfError {
        try other.barrier("end", worldSize: 3, timeout: .milliseconds(20))
      }.contains("1 of 3"))
    try store.ping()
  }
}
