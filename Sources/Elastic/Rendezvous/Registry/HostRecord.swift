import FoundationEssentials

/// The value that a host stores in a registry: its address.
package struct HostRecord: Codable, Sendable, Hashable {
  /// The host's version of Lockstep, for people who read the registry.
  package var version = LockstepVersion.current
  /// The random id of its launcher process.
  package var identity: String
  /// Its machine's name.
  package var hostName: String
  /// The address at which other nodes reach it.
  package var address: NodeAddress

  package init(identity: String, hostName: String, address: NodeAddress) {
    self.identity = identity
    self.hostName = hostName
    self.address = address
  }

  /// Creates the record of a node that hosts.
  init(_ hello: NodeHello) {
    self.init(identity: hello.identity, hostName: hello.hostName, address: hello.address)
  }

  /// Decodes a record; `nil` if the bytes are not a record.
  package init?(_ bytes: [UInt8]) {
    guard let record = try? JSONDecoder().decode(HostRecord.self, from: Data(bytes)) else {
      return nil
    }
    self = record
  }

  /// The record as JSON.
  package var bytes: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(self))
    } catch {
      preconditionFailure("a host's record could not be encoded: \(error)")
    }
  }

  private enum CodingKeys: String, CodingKey {
    case version, identity, hostName
    case address = "place"
  }
}
