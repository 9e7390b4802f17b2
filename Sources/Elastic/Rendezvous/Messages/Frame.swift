import FoundationEssentials

/// Encodes messages: the length as a 4-byte big-endian integer, then JSON.
///
/// Both sides of a connection first send ``magic``, so that the first bytes identify other
/// protocols.
enum Frame {
  /// The bytes that both sides send first.
  static let magic = Array("LOCKSTEP-RDZV-1\n".utf8)

  /// The maximum length of a message from a node that has not introduced itself, in bytes.
  static let helloLimit = 4096

  /// The maximum length of other messages, in bytes.
  static let limit = 4 << 20

  static func encode(_ message: some Encodable) -> [UInt8] {
    do {
      let body = try JSONEncoder().encode(message)
      let count = UInt32(body.count).bigEndian
      return withUnsafeBytes(of: count) { Array($0) } + body
    } catch {
      preconditionFailure("a message could not be encoded: \(error)")
    }
  }
}

/// A violation of the protocol, after which the connection must be closed.
struct FrameViolation: Error {
  let reason: String
  /// Whether the peer uses another protocol.
  var isForeign = false
  /// Whether a client of PyTorch's store sent the bytes.
  var isStoreClient = false
  /// The version in a hello that cannot be decoded, if it contains one.
  var version: String?
}

/// Splits the bytes of a connection into messages.
struct FrameReader {
  private var bytes: [UInt8] = []
  private var hasGreeted = false

  mutating func append(_ new: some Collection<UInt8>) { bytes.append(contentsOf: new) }

  /// Removes and returns the next message; `nil` if it has not arrived completely.
  mutating func next<Message: Decodable>(
    _ type: Message.Type, limit: Int = Frame.limit
  ) throws(FrameViolation) -> Message? {
    if !hasGreeted {
      guard bytes.starts(with: Frame.magic.prefix(bytes.count)) else {
        guard let isStoreClient = ForeignRendezvous.isStoreClient(bytes) else { return nil }
        throw FrameViolation(
          reason: "does not use Lockstep's rendezvous protocol", isForeign: true,
          isStoreClient: isStoreClient)
      }
      guard bytes.count >= Frame.magic.count else { return nil }
      bytes.removeFirst(Frame.magic.count)
      hasGreeted = true
    }
    guard bytes.count >= 4 else { return nil }
    let count = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    guard count <= limit else { throw FrameViolation(reason: "sends a message of \(count) bytes") }
    guard bytes.count >= 4 + count else { return nil }
    let body = Data(bytes[4..<(4 + count)])
    bytes.removeFirst(4 + count)
    do {
      return try JSONDecoder().decode(type, from: body)
    } catch {
      throw FrameViolation(
        reason: "sends a message that cannot be decoded: \(error)",
        version: (try? JSONDecoder().decode(HelloVersion.self, from: body))?.version)
    }
  }
}
