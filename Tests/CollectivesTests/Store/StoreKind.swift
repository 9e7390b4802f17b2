import Collectives
import Foundation
import Testing

/// The stores that the shared suite runs on.
enum StoreKind: CaseIterable, CustomTestStringConvertible {
  case hash, prefixed, file, tcp, prefixedTCP

  var testDescription: String { "\(self)" }

  /// Creates a store with one handle per participant.
  func make(participants: Int = 1) throws -> [any Store] {
    let limit = Duration.seconds(60)
    switch self {
    case .hash:
      let store = HashStore(timeout: limit)
      return (0..<participants).map { _ in store }
    case .prefixed:
      let base = HashStore(timeout: limit)
      return (0..<participants).map { _ in PrefixStore("outer", PrefixStore("inner", base)) }
    case .file:
      let path = temporaryPath()
      return try (0..<participants).map { _ in
        try FileStore(path: path, worldSize: participants, timeout: limit)
      }
    case .tcp:
      return try tcpStores(participants, limit)
    case .prefixedTCP:
      return try tcpStores(participants, limit).map { PrefixStore("group", $0) }
    }
  }

  private func tcpStores(_ count: Int, _ limit: Duration) throws -> [TCPStore] {
    let host = try TCPStore(host: "127.0.0.1", port: 0, isHost: true, timeout: limit)
    return try [host] + (1..<count).map { _ in try host.clone() }
  }
}

/// An unused path in the temporary folder.
func temporaryPath() -> String {
  FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)").path()
}

/// The code of the store error that `body` throws; `nil` if it throws none.
func codeOfError(_ body: () throws -> Void) -> StoreError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? StoreError)?.code
  }
}

/// The message of the store error that `body` throws; empty if it throws none.
func messageOfError(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return (error as? StoreError)?.message ?? ""
  }
}
