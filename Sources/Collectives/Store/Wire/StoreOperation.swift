/// The first byte of a request, with PyTorch 2.13's numbers.
///
/// Servers of older releases lack the ones at the end: queues (14 to 16), `listKeys` and `barrier`.
enum StoreOperation: UInt8, CaseIterable, Sendable {
  case validate, set, compareSet, get, add, check, wait, keyCount, deleteKey, append
  case multiGet, multiSet, cancelWait, ping, queuePush, queuePop, queueLength, listKeys, barrier
}

/// Numbers of the protocol that have no other home.
enum StoreWire {
  /// What the client says first, to be told from a stray connection.
  static let magic: UInt32 = 0x3C85_F7CE

  /// What the client puts before each user key; `init/` alone has none.
  static let keyPrefix: UInt8 = UInt8(ascii: "/")

  /// The counter of clients that came, which the host of a fixed world waits for.
  static let workerCounter = Array("init/".utf8)

  /// Answer to `check`: all keys exist.
  static let ready: UInt8 = 0

  /// Answer to `wait` and `barrier`: go on.
  static let stopWaiting: UInt8 = 0

  /// Answer to `cancelWait`.
  static let waitCanceled: UInt8 = 1
}

/// How large a message may be.
///
/// The first three are those of PyTorch 2.13's libuv server. The last one is ours: without it many
/// legal parts would still add up to a request or a reply of a terabyte.
enum StoreLimits {
  static let keyBytes = 8192
  static let valueBytes = 8 << 20
  static let keysPerRequest = 131_072
  static let messageBytes = 256 << 20
}

/// Why a request is refused, which ends its connection.
struct StoreViolation: Error, Equatable {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}
