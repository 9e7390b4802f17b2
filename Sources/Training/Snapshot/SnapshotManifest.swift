internal import Foundation
internal import Support
internal import Torch

/// The file `manifest.json` of a snapshot: all that is no tensor, and the checksums of the rest.
struct SnapshotManifest: Codable {
  static let fileName = "manifest.json"
  static let format = "lockstep-snapshot"
  static let version = 1
  static let ranksFile = "ranks.safetensors"

  var format = SnapshotManifest.format
  var version = SnapshotManifest.version
  /// When it was made, in ISO 8601.
  var created: String
  var step: Int
  var epoch: Int
  var worldSize: Int
  var metric: Double?
  var progress: TrainingProgress
  /// The small values of each part.
  var parts: [String: Values]
  /// The small values of each rank's own parts, in the order of the ranks.
  var ranks: [[String: Values]]
  /// The files of tensors: one for each part that has any, and one for those of the ranks.
  var files: [String: File] = [:]

  typealias Values = [String: JSONValue]

  struct File: Codable {
    var byteCount: Int
    /// Of all bytes.
    var crc32c: String
    var tensors: [String: TensorEntry]
  }

  struct TensorEntry: Codable {
    var dtype: String
    var shape: [Int]
    /// Of the tensor's bytes.
    var crc32c: String
  }

  /// The file of a part's tensors.
  static func file(ofPart part: String) -> String { "\(part).safetensors" }
}

/// What is wrong with a snapshot, as a clause without its path.
struct SnapshotDamage: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

extension SnapshotManifest {
  /// The file's text: JSON whose last member is the checksum of all that stands before it.
  func sealed() throws -> Data {
    let encoder = JSONEncoder.ofAllNumbers()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = try encoder.encode(self)
    guard text.suffix(2) == Self.end else {
      preconditionFailure("pretty-printed JSON does not end with a brace on its own line")
    }
    let body = text.dropLast(2)
    return body + Self.seal(of: body)
  }

  /// Checks the seal and reads the text.
  ///
  /// Every version keeps the seal and the members `format` and `version`, so that a newer one can be
  /// told from a damaged one.
  init(sealed text: Data, path: String) throws {
    let length = Self.seal(of: Data()).count
    let body = text.dropLast(length)
    guard text.count > length, text.suffix(length) == Self.seal(of: body) else {
      throw SnapshotDamage("its \(Self.fileName) does not match its checksum")
    }
    let decoder = JSONDecoder.ofAllNumbers()
    let json = body + Self.end
    guard let head = try? decoder.decode(Head.self, from: json), head.format == Self.format else {
      throw SnapshotDamage("its \(Self.fileName) is not a snapshot's manifest")
    }
    guard head.version <= Self.version else {
      throw TrainingError(
        .newerVersion,
        "snapshot '\(path)' has format version \(head.version), but this program supports versions up "
          + "to \(Self.version): resume with the newer program that wrote it, or remove it")
    }
    do {
      self = try decoder.decode(SnapshotManifest.self, from: json)
    } catch {
      throw SnapshotDamage("its \(Self.fileName) cannot be decoded: \(error)")
    }
  }

  private struct Head: Codable {
    var format: String
    var version: Int
  }

  private static let end = Data("\n}".utf8)

  private static func seal(of body: Data) -> Data {
    var checksum = CRC32C()
    body.withUnsafeBytes { checksum.combine($0) }
    return Data(",\n  \"manifestCRC32C\" : \"\(checksum.text)\"\n}\n".utf8)
  }
}
