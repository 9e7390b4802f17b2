import FoundationEssentials

/// What a host writes into the register: where it is found.
package struct HostRecord: Codable, Sendable, Hashable {
  /// The version of Lockstep that it runs, for people who look at the register.
  package var version = LockstepVersion.current
  /// The random name of its launcher process.
  package var identity: String
  /// Its machine's name.
  package var hostName: String
  /// Where the other nodes reach it.
  package var place: NodePlace

  package init(identity: String, hostName: String, place: NodePlace) {
    self.identity = identity
    self.hostName = hostName
    self.place = place
  }

  /// The record of a node that hosts.
  init(_ hello: NodeHello) {
    self.init(identity: hello.identity, hostName: hello.hostName, place: hello.place)
  }

  /// Reads a record; `nil` if the bytes are none.
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
}
