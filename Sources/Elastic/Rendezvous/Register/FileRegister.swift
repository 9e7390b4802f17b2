import Collectives
import Glibc

/// A register in a file that all nodes share: `store_type=file`.
///
/// The file is a ``FileStore``'s, locked by `flock` for each call, so a node that is killed in the middle
/// of one leaves neither a lock nor half a value. A sign of life sets the time of a file beside it, one for each job.
package struct FileRegister: HostRegister {
  /// A host that is silent for so long is replaced; one that is known to have ended, at once.
  package let lease: Duration
  package let description: String

  private let store: FileStore
  private let key: String
  private let signPath: String

  /// Opens the file, and makes it if it is missing.
  ///
  /// - Throws: ``ElasticError`` with code `system` that names the path.
  package init(
    path: String, job: String, lease: Duration, timeout: Duration
  ) throws(ElasticError) {
    do throws(StoreError) {
      store = try FileStore(path: path, timeout: timeout)
    } catch {
      throw ElasticError(.system, "--rdzv-endpoint \(path): \(error.message)")
    }
    self.lease = lease
    key = "lockstep.rendezvous.\(job)"
    signPath = "\(path).\(Self.fileName(job)).alive"
    description = "the file \(path)"
  }

  package func look() throws(ElasticError) -> RegisterValue {
    try trying { (store) throws(StoreError) in
      RegisterValue(bytes: try value(of: store), lastSign: lastSign)
    }
  }

  package func replace(_ old: [UInt8], by new: [UInt8]) throws(ElasticError) -> Bool {
    try trying { (store) throws(StoreError) in
      let isReplaced = try store.compareSet(key, expected: old, desired: new) == new
      if isReplaced && new.isEmpty { unlink(signPath) }
      return isReplaced
    }
  }

  package func renew(_ value: [UInt8]) throws(ElasticError) -> Bool {
    try trying { (store) throws(StoreError) in
      guard try self.value(of: store) == value else { return false }
      let sign = open(signPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
      guard sign >= 0, futimens(sign, nil) == 0 else {
        let reason = systemMessage(errno)
        if sign >= 0 { close(sign) }
        throw StoreError(code: .unreachable, message: "cannot write \(signPath): \(reason)")
      }
      close(sign)
      return true
    }
  }

  private func value(of store: FileStore) throws(StoreError) -> [UInt8] {
    try store.check([key]) ? store.get(key, timeout: .zero) : []
  }

  /// When the host last gave a sign of life, in nanoseconds; 0 before the first.
  private var lastSign: Int64 {
    var status = stat()
    guard stat(signPath, &status) == 0 else { return 0 }
    return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }

  /// The job's name without what a file's name cannot hold.
  private static func fileName(_ job: String) -> String {
    job.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      return character.isASCII && (character.isLetter || character.isNumber || character == "-")
        ? String(character) : "%" + String(byte, radix: 16)
    }.joined()
  }

  private func trying<R>(_ body: (FileStore) throws(StoreError) -> R) throws(ElasticError) -> R {
    do throws(StoreError) {
      return try body(store)
    } catch {
      let canChange = error.code == .timedOut
      throw ElasticError(canChange ? .rendezvousConnection : .rendezvousState, error.message)
    }
  }
}
