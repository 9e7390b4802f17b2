import Collectives
import Testing

/// The server's semantics, without a socket.
struct StoreServerStateTests {
  private typealias Delivery = StoreServerState.Delivery

  private func stop(_ client: Int) -> Delivery {
    Delivery(client: client, reply: .byte(StoreWire.stopWaiting))
  }

  @Test func theLastKeyEndsAWait() throws {
    var state = StoreServerState()
    #expect(try state.handle(.wait(keys: [[1], [2], [1]]), from: 7).isEmpty)
    #expect(try state.handle(.set(key: [1], value: []), from: 8).isEmpty)
    #expect(try state.handle(.append(key: [2], value: []), from: 8) == [stop(7)])
    #expect(try state.handle(.set(key: [2], value: [3]), from: 8).isEmpty)
  }

  @Test func oneSetEndsAllWaitsInTheirOrder() throws {
    var state = StoreServerState()
    for client in 1...4 { _ = try state.handle(.wait(keys: [[1]]), from: client) }
    let released = try state.handle(.multiSet(keys: [[0], [1]], values: [[], []]), from: 9)
    #expect(released == [stop(1), stop(2), stop(3), stop(4)])
  }

  @Test func aCanceledWaitGetsNoReply() throws {
    var state = StoreServerState()
    _ = try state.handle(.wait(keys: [[1]]), from: 1)
    let canceled = try state.handle(.cancelWait, from: 1)
    #expect(canceled == [Delivery(client: 1, reply: .byte(StoreWire.waitCanceled))])
    #expect(try state.handle(.set(key: [1], value: []), from: 2).isEmpty)
  }

  @Test func aSecondWaitReplacesTheFirst() throws {
    var state = StoreServerState()
    _ = try state.handle(.wait(keys: [[1]]), from: 1)
    _ = try state.handle(.wait(keys: [[2]]), from: 1)
    #expect(try state.handle(.set(key: [1], value: []), from: 2).isEmpty)
    #expect(try state.handle(.set(key: [2], value: []), from: 2) == [stop(1)])
  }

  @Test func aDisconnectedClientIsRemoved() throws {
    var state = StoreServerState()
    _ = try state.handle(.wait(keys: [[1]]), from: 1)
    _ = try state.handle(.wait(keys: [[1]]), from: 2)
    #expect(state.disconnect(1).isEmpty)
    #expect(try state.handle(.set(key: [1], value: []), from: 3) == [stop(2)])
  }

  @Test func aMissingKeyReadsAsEmpty() throws {
    var state = StoreServerState()
    #expect(try state.handle(.get(key: [1]), from: 1) == [Delivery(client: 1, reply: .value([]))])
    let many = try state.handle(.multiGet(keys: [[1], [2]]), from: 1)
    #expect(many == [Delivery(client: 1, reply: .values([[], []]))])
  }

  @Test func aRejectedRequestChangesNothing() throws {
    var state = StoreServerState()
    _ = try state.handle(.set(key: [1], value: Array("x".utf8)), from: 1)
    #expect(throws: StoreViolation.self) {
      try state.handle(.add(key: [1], amount: 1), from: 1)
    }
    #expect(throws: StoreViolation.self) {
      try state.handle(.barrier(key: [1], worldSize: 2), from: 1)
    }
    #expect(throws: StoreViolation.self) { try state.handle(.validate(magic: 1), from: 1) }
    let value = try state.handle(.get(key: [1]), from: 1)
    #expect(value == [Delivery(client: 1, reply: .value(Array("x".utf8)))])
  }

  @Test func anItemWakesTheLongestWaitingClient() throws {
    var state = StoreServerState()
    for client in 1...3 { _ = try state.handle(.wait(keys: [[1]]), from: client) }
    #expect(try state.handle(.queuePush(key: [1], value: [10]), from: 9) == [stop(1)])
    #expect(try state.handle(.queuePush(key: [1], value: [20]), from: 9) == [stop(2)])
    let popped = try state.handle(.queuePop(key: [1]), from: 1)
    #expect(popped == [Delivery(client: 1, reply: .popped(count: 2, item: [10]))])
  }

  @Test func anItemOfADisconnectedClientWakesTheNext() throws {
    var state = StoreServerState()
    for client in 1...3 { _ = try state.handle(.wait(keys: [[1]]), from: client) }
    #expect(try state.handle(.queuePush(key: [1], value: [10]), from: 9) == [stop(1)])
    #expect(state.disconnect(1) == [stop(2)])
    let canceled = try state.handle(.cancelWait, from: 2)
    #expect(canceled == [Delivery(client: 2, reply: .byte(StoreWire.waitCanceled)), stop(3)])
  }

  @Test func queuesAreFirstInFirstOutAndAreRemovedWhenEmpty() throws {
    var state = StoreServerState()
    for number in UInt8(0)..<100 {
      _ = try state.handle(.queuePush(key: [1], value: [number]), from: 1)
    }
    for number in UInt8(0)..<100 {
      let popped = try state.handle(.queuePop(key: [1]), from: 1)
      let count = Int64(100 - number)
      #expect(popped == [Delivery(client: 1, reply: .popped(count: count, item: [number]))])
    }
    let empty = try state.handle(.queuePop(key: [1]), from: 1)
    #expect(empty == [Delivery(client: 1, reply: .popped(count: 0, item: nil))])
    let missing = try state.handle(.check(keys: [[1]]), from: 1)
    #expect(missing == [Delivery(client: 1, reply: .byte(1))])
  }

  @Test func theLastClientEndsABarrier() throws {
    var state = StoreServerState()
    #expect(try state.handle(.barrier(key: [1], worldSize: 3), from: 1).isEmpty)
    #expect(try state.handle(.barrier(key: [1], worldSize: 3), from: 2).isEmpty)
    let released = try state.handle(.barrier(key: [1], worldSize: 3), from: 3)
    #expect(Set(released.map(\.client)) == [1, 2, 3])
    #expect(try state.handle(.barrier(key: [1], worldSize: 3), from: 4) == [stop(4)])
  }

  @Test func settingABarriersKeyDoesNotEndIt() throws {
    var state = StoreServerState()
    _ = try state.handle(.barrier(key: [1], worldSize: 2), from: 1)
    #expect(try state.handle(.set(key: [1], value: Array("1".utf8)), from: 2).isEmpty)
    #expect(try state.handle(.barrier(key: [1], worldSize: 2), from: 2) == [stop(2), stop(1)])
  }

  @Test func aReplyBeyondTheMessageLimitIsRejected() throws {
    var state = StoreServerState()
    let value = [UInt8](repeating: 0, count: StoreLimits.valueBytes)
    _ = try state.handle(.set(key: [1], value: value), from: 1)
    #expect(throws: StoreViolation.self) {
      try state.handle(.multiGet(keys: Array(repeating: [1], count: 33)), from: 1)
    }
  }

  @Test func encodedCountIsTheLengthOfTheReply() {
    let replies: [StoreReply] = [
      .byte(1), .nonce(2), .number(3), .value([1, 2]), .values([[], [1]]),
      .popped(count: 0, item: nil), .popped(count: 1, item: [1]), .keys([[1], [2, 3]]),
    ]
    for reply in replies { #expect(reply.encoded.count == reply.encodedCount) }
    #expect(StoreReply.keys([[7]]).encoded == length(1) + length(1) + [7])
  }
}
