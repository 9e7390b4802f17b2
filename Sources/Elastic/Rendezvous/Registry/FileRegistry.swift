import Collectives
import Glibc

/// A registry in a file that all nodes share: `store_type=file`.
///
/// The file is a ``FileStore``'s. Each call locks it with `flock`, so a process that is killed
/// during a call leaves neither a lock nor half a value. A renewal sets the modification time of a
/// second file, one for each job.
package struct FileRegistry: HostRegistry {
  package let lease: Duration
  package let description: String

  private let store: FileStore
  private let key: String
  /// The key in which torchrun keeps its rendezvous in the same file.
  private let torchrunKey: String
  private let renewalPath: String

  /// Opens the file, and creates it if it does not exist.
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
    torchrunKey = "torch.rendezvous.\(job)"
    renewalPath = "\(path).\(Self.fileName(job)).alive"
    description = "the file \(path)"
  }

  package func read() throws(ElasticError) -> RegistryValue {
    let isTorchruns = try convertingErrors { (store) throws(StoreError) in
      try store.check([torchrunKey])
    }
    guard !isTorchruns else {
      throw ElasticError(
        .foreignRendezvous,
        "\(description) belongs to a job of torchrun with the same id: start all nodes with "
          + "lockstep run (or all with torchrun), or give this job another file")
    }
    return try convertingErrors { (store) throws(StoreError) in
      RegistryValue(bytes: try value(of: store), lastRenewal: lastRenewal)
    }
  }

  package func compareSet(expected: [UInt8], desired: [UInt8]) throws(ElasticError) -> Bool {
    try convertingErrors { (store) throws(StoreError) in
      let isReplaced = try store.compareSet(key, expected: expected, desired: desired) == desired
      if isReplaced && desired.isEmpty { unlink(renewalPath) }
      return isReplaced
    }
  }

  package func renew(_ value: [UInt8]) throws(ElasticError) -> Bool {
    try convertingErrors { (store) throws(StoreError) in
      guard try self.value(of: store) == value else { return false }
      let file = open(renewalPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o666)
      guard file >= 0, futimens(file, nil) == 0 else {
        let reason = systemMessage(errno)
        if file >= 0 { close(file) }
        throw StoreError(code: .unreachable, message: "cannot write \(renewalPath): \(reason)")
      }
      close(file)
      return true
    }
  }

  private func value(of store: FileStore) throws(StoreError) -> [UInt8] {
    try store.check([key]) ? store.get(key, timeout: .zero) : []
  }

  /// The time of the last renewal in nanoseconds; 0 before the first.
  private var lastRenewal: Int64 {
    var status = stat()
    guard stat(renewalPath, &status) == 0 else { return 0 }
    return Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
  }

  /// The job id, with characters other than letters, digits and `-` escaped for a file name.
  private static func fileName(_ job: String) -> String {
    job.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      return character.isASCII && (character.isLetter || character.isNumber || character == "-")
        ? String(character) : "%" + String(byte, radix: 16)
    }.joined()
  }

  private func convertingErrors<Result>(
    _ body: (FileStore) throws(StoreError) -> Result
  ) throws(ElasticError) -> Result {
    do throws(StoreError) {
      return try body(store)
    } catch {
      let isTransient = error.code == .timedOut
      throw ElasticError(isTransient ? .rendezvousConnection : .rendezvousState, error.message)
    }
  }
}
