/// The first byte of a request, with PyTorch 2.13's values.
///
/// Servers of older releases lack the last ones: queues (14 to 16), `listKeys` and `barrier`.
package enum StoreOperation: UInt8, CaseIterable, Sendable {
  case validate, set, compareSet, get, add, check, wait, keyCount, deleteKey, append
  case multiGet, multiSet, cancelWait, ping, queuePush, queuePop, queueLength, listKeys, barrier
}

/// Constants of the protocol.
package enum StoreWire {
  /// The first value that a client sends, which distinguishes it from other connections.
  package static let magic: UInt32 = 0x3C85_F7CE

  /// The prefix of each user key; only `init/` has none.
  package static let keyPrefix: UInt8 = UInt8(ascii: "/")

  /// The counter of clients, which the host of a store with a world size waits for.
  package static let workerCounter = Array("init/".utf8)

  /// The reply to `check`: all keys exist.
  package static let ready: UInt8 = 0

  /// The reply to `wait` and `barrier`: the wait is over.
  package static let stopWaiting: UInt8 = 0

  /// The reply to `cancelWait`.
  package static let waitCanceled: UInt8 = 1
}

/// The maximum sizes of messages.
///
/// The first three are those of PyTorch 2.13's libuv server. The last one is Lockstep's: without
/// it, valid parts could add up to a request or a reply of a terabyte.
package enum StoreLimits {
  package static let keyBytes = 8192
  package static let valueBytes = 8 << 20
  package static let keysPerRequest = 131_072
  package static let messageBytes = 256 << 20
}

/// A violation of the protocol or its limits, which closes the connection.
package struct StoreViolation: Error, Equatable {
  package let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
