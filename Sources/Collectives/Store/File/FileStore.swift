import Glibc
import Support
import Synchronization

/// A store in a file that all processes can open, for one machine or a shared file system.
///
/// It reads and writes the format of PyTorch 2.13's `FileStore`, so Python and Swift processes can
/// share a file. Every call locks the file with `flock`. A wait polls every 10 ms, because network
/// file systems do not report changes. A record that a dying process left incomplete is truncated
/// by the next write.
public final class FileStore: Store {
  /// The file.
  public let path: String

  /// The number of users, the last of which deletes the file; `nil` keeps the file.
  public let worldSize: Int?

  /// The default timeout of a call.
  public let timeout: Duration

  private struct Known: Sendable {
    var log = FileStoreLog()
    var file: LockedFile.Identity?
  }

  private let known = Mutex(Known())

  /// Opens the file, or creates it if it is missing; the folder has to exist.
  ///
  /// - Parameters:
  ///   - path: The file, the same for all users. It must not have other content.
  ///   - worldSize: The number of users. Once as many have finished and none has the file open, the
  ///     file is deleted. `nil` keeps it.
  ///   - timeout: The default timeout of a call, also for the file's lock.
  /// - Throws: ``StoreError`` with code `io`, or `protocolViolation` if the file has other content.
  public init(
    path: String, worldSize: Int? = nil, timeout: Duration = .seconds(300)
  ) throws(StoreError) {
    self.path = path
    self.worldSize = worldSize
    self.timeout = timeout
    _ = try addToCounter(FileStoreLog.referenceCount, 1)
  }

  deinit {
    // A user may have deleted the folder already. Failures are ignored.
    guard access(path, F_OK) == 0 else { return }
    let finished = (try? addToCounter(FileStoreLog.finishedCount, 1)) ?? 0
    let references = (try? addToCounter(FileStoreLog.referenceCount, -1)) ?? 1
    if let worldSize, references == 0, finished >= Int64(worldSize) { unlink(path) }
  }

  /// Sets `key` to `value` and wakes all callers that wait for it.
  public func set(_ key: String, _ value: [UInt8]) throws(StoreError) {
    let key = fileKey(key)
    try change { _ in (FileStoreLog.record(key, value), ()) }
  }

  /// Returns the value of `key`, once it exists.
  public func get(_ key: String, timeout: Duration?) throws(StoreError) -> [UInt8] {
    let fileKey = fileKey(key)
    return try poll([key], timeout) { $0.values[fileKey] }
  }

  /// Adds `amount` to the counter `key` and returns the sum.
  public func add(_ key: String, _ amount: Int64) throws(StoreError) -> Int64 {
    try addToCounter(fileKey(key), amount)
  }

  /// Sets `key` to `desired` if its value is `expected`; returns its value afterwards.
  public func compareSet(
    _ key: String, expected: [UInt8], desired: [UInt8]
  ) throws(StoreError) -> [UInt8] {
    let key = fileKey(key)
    return try change { log in
      let (answer, stores) = StoreValue.compareSet(
        current: log.values[key], expected: expected, desired: desired)
      return (stores ? FileStoreLog.record(key, desired) : [], answer)
    }
  }

  /// Removes `key`, and returns whether it existed.
  public func deleteKey(_ key: String) throws(StoreError) -> Bool {
    let key = fileKey(key)
    return try change { log in
      guard log.values[key] != nil else { return ([], false) }
      return (FileStoreLog.record([FileStoreLog.deletionPrefix] + key, []), true)
    }
  }

  /// Returns whether all of `keys` exist.
  public func check(_ keys: [String]) throws(StoreError) -> Bool {
    let keys = keys.map(fileKey)
    return try read { log in keys.allSatisfy { log.values[$0] != nil } }
  }

  /// Blocks until all of `keys` exist.
  public func wait(_ keys: [String], timeout: Duration?) throws(StoreError) {
    let fileKeys = keys.map(fileKey)
    try poll(keys, timeout) { log in
      fileKeys.allSatisfy { log.values[$0] != nil } ? () : nil
    }
  }

  /// Returns the number of keys that users have set, without the two that the file itself uses.
  public func keyCount() throws(StoreError) -> Int64 {
    try read { Int64($0.userKeyCount) }
  }
}

extension FileStore {
  private func fileKey(_ key: String) -> [UInt8] {
    [FileStoreLog.userPrefix] + Array(key.utf8)
  }

  private func addToCounter(_ key: [UInt8], _ amount: Int64) throws(StoreError) -> Int64 {
    try change { (log) throws(StoreError) in
      guard let sum = StoreValue.sum(of: log.values[key], and: amount) else {
        let name = String(decoding: key.dropFirst(), as: UTF8.self)
        throw StoreValue.notACounter(name, log.values[key], amount)
      }
      return (FileStoreLog.record(key, StoreValue.text(of: sum)), sum)
    }
  }

  /// Calls `body` every 10 ms until it returns a result or the timeout passes.
  private func poll<R: Sendable>(
    _ keys: [String], _ timeout: Duration?, _ body: (FileStoreLog) -> R?
  ) throws(StoreError) -> R {
    let limit = timeout ?? self.timeout
    let deadline = Deadline(after: limit)
    while true {
      if let result = try read(body) { return result }
      guard !deadline.hasPassed else { break }
      usleep(10_000)
    }
    let missing = try read { [self] log in keys.filter { log.values[fileKey($0)] == nil } }
    throw .timedOut(missing: missing, of: keys.count, after: limit, in: "the FileStore \(path)")
  }

  /// Passes the current content to `body`.
  private func read<R: Sendable>(_ body: (FileStoreLog) -> R) throws(StoreError) -> R {
    try locked(.shared) { (known, file) throws(any Error) in
      try Self.refresh(&known, from: file)
      return body(known.log)
    }
  }

  /// Passes the current content to `body` and appends the bytes that it returns.
  private func change<R: Sendable, E: Error>(
    _ body: (FileStoreLog) throws(E) -> (bytes: [UInt8], result: R)
  ) throws(StoreError) -> R {
    try locked(.exclusive) { (known, file) throws(any Error) in
      try Self.refresh(&known, from: file)
      let (bytes, result) = try body(known.log)
      if !bytes.isEmpty { try file.append(bytes, at: known.log.position) }
      return result
    }
  }

  /// Reads the records that were added since the last call.
  private static func refresh(_ known: inout Known, from file: borrowing LockedFile) throws {
    let (identity, size) = try file.status()
    if known.file != identity || size < known.log.position { known = Known(file: identity) }
    let added = try file.read(from: known.log.position, to: size)
    try known.log.read(added)
  }

  private func locked<R: Sendable>(
    _ access: LockedFile.Access,
    _ body: (inout Known, borrowing LockedFile) throws(any Error) -> R
  ) throws(StoreError) -> R {
    try known.withLock { (known) throws(StoreError) in
      do {
        let file = try LockedFile(path: path, access, before: Deadline(after: timeout))
        return try body(&known, file)
      } catch {
        throw storeError(error)
      }
    }
  }

  private func storeError(_ error: any Error) -> StoreError {
    switch error {
    case let error as StoreError: error
    case LockedFile.Failure.timedOut:
      StoreError(
        code: .timedOut,
        message: "\(path) was locked by another process for \(timeout): find the process with "
          + "`fuser \(path)`", cause: error)
    case LockedFile.Failure.system(let call, let errno):
      StoreError(
        code: .io,
        message: "cannot use \(path) as a store (\(call): \(String(cString: strerror(errno)))): "
          + "use a file in a folder that all ranks can write to", cause: error)
    case let error as StoreViolation:
      StoreError(
        code: .protocolViolation,
        message: "\(path) is not a FileStore's file (\(error.reason)): "
          + "use another path, or delete the file if it is not needed", cause: error)
    default:
      preconditionFailure("unexpected failure of a FileStore: \(error)")
    }
  }
}
