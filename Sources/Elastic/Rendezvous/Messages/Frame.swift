import FoundationEssentials

/// Messages as bytes: their length in four bytes, the most significant first, and JSON.
///
/// A connection begins with ``magic``, so that whatever else connects is told apart by its first bytes.
enum Frame {
  /// What both sides send first.
  static let magic = Array("LOCKSTEP-RDZV-1\n".utf8)

  /// The longest message of a node that has not introduced itself.
  static let helloLimit = 4096

  /// The longest message.
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

/// Bytes that break the rules; the connection has to end.
struct FrameViolation: Error {
  let reason: String
  /// The version of a node whose introduction cannot be read, if it says one.
  var version: String?
}

/// Cuts what arrives on a connection into messages.
struct FrameReader {
  private var bytes: [UInt8] = []
  private var hasGreeted = false

  mutating func append(_ new: some Collection<UInt8>) { bytes.append(contentsOf: new) }

  /// The next message, or `nil` if it has not arrived in full.
  mutating func next<Message: Decodable>(
    _ type: Message.Type, limit: Int = Frame.limit
  ) throws(FrameViolation) -> Message? {
    if !hasGreeted {
      guard bytes.starts(with: Frame.magic.prefix(bytes.count)) else {
        throw FrameViolation(reason: "does not greet as Lockstep's rendezvous does")
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
        reason: "sends a message that cannot be understood: \(error)",
        version: (try? JSONDecoder().decode(HelloVersion.self, from: body))?.version)
    }
  }
}
