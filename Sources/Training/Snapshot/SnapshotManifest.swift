package import Foundation
package import Support
internal import Torch

/// The `manifest.json` of a snapshot: everything except tensors, and the checksums of the tensor
/// files.
package struct SnapshotManifest: Codable {
  static let fileName = "manifest.json"
  static let format = "lockstep-snapshot"
  static let version = 1
  static let ranksFile = "ranks.safetensors"

  var format = SnapshotManifest.format
  package var version = SnapshotManifest.version
  /// The creation time in ISO 8601.
  var created: String
  var step: Int
  var epoch: Int
  var worldSize: Int
  var metric: Double?
  var progress: TrainingProgress
  /// The settings of the run; `nil` in snapshots of versions that did not record them.
  package var settings: RecordedSettings?
  /// The non-tensor values of each part.
  package var parts: [String: Values]
  /// The non-tensor values of each rank's per-rank parts, in rank order.
  var ranks: [[String: Values]]
  /// The tensor files: one for each part with tensors, and one for all per-rank parts.
  var files: [String: File] = [:]

  package typealias Values = [String: JSONValue]

  struct File: Codable {
    var byteCount: Int
    /// The checksum of the whole file.
    var crc32c: String
    var tensors: [String: TensorEntry]
  }

  struct TensorEntry: Codable {
    var dtype: String
    var shape: [Int]
    /// The checksum of the tensor's bytes.
    var crc32c: String
  }

  /// The name of the file with a part's tensors.
  static func file(ofPart part: String) -> String { "\(part).safetensors" }
}

/// The reason why a snapshot is damaged, without its path.
struct SnapshotDamage: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

extension SnapshotManifest {
  /// Encodes the manifest as JSON whose last member is the checksum of all preceding bytes.
  package func encoded() throws -> Data {
    let encoder = JSONEncoder.ofAllNumbers()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = try encoder.encode(self)
    guard text.suffix(2) == Self.closingBrace else {
      preconditionFailure("pretty-printed JSON does not end with a brace on its own line")
    }
    let body = text.dropLast(2)
    return body + Self.checksumTrailer(of: body)
  }

  /// Verifies the checksum and decodes the manifest.
  ///
  /// Every format version keeps the checksum and the members `format` and `version`, so that a
  /// newer manifest can be distinguished from a damaged one.
  init(decoding text: Data, path: String) throws {
    let length = Self.checksumTrailer(of: Data()).count
    let body = text.dropLast(length)
    guard text.count > length, text.suffix(length) == Self.checksumTrailer(of: body) else {
      throw SnapshotDamage("its \(Self.fileName) does not match its checksum")
    }
    let decoder = JSONDecoder.ofAllNumbers()
    let json = body + Self.closingBrace
    guard let head = try? decoder.decode(Head.self, from: json), head.format == Self.format else {
      throw SnapshotDamage("its \(Self.fileName) is not a snapshot's manifest")
    }
    guard head.version <= Self.version else {
      throw TrainingError(
        .newerVersion,
        "snapshot '\(path)' has format version \(head.version), but this program supports versions "
          + "up to \(Self.version): resume with the newer program that wrote it, or remove it")
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

  private static let closingBrace = Data("\n}".utf8)

  private static func checksumTrailer(of body: Data) -> Data {
    var checksum = CRC32C()
    body.withUnsafeBytes { checksum.combine($0) }
    return Data(",\n  \"manifestCRC32C\" : \"\(checksum.text)\"\n}\n".utf8)
  }
}
