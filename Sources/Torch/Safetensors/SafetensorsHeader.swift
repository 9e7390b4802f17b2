internal import Foundation

/// The header of a safetensors file: the type, shape and byte range of each tensor.
///
/// A file in Hugging Face's format consists of the length of the header, eight bytes,
/// little-endian; the header, a JSON object; and the bytes of the tensors, without gaps or
/// overlaps.
struct SafetensorsHeader {
  struct Entry {
    var name: String
    /// The element type; `nil` if Lockstep has no such type.
    var dtype: DType?
    /// The name of the element type in the file.
    var typeName: String
    var shape: [Int]
    /// The byte range, relative to the end of the header.
    var range: Range<Int>
  }

  /// The tensors, sorted by their byte ranges.
  var entries: [Entry]
  var metadata: [String: String]

  /// The limit of the reference implementation for the size of a header.
  static let maximumByteCount = 100_000_000

  static let dtypeNames: [DType: String] = [
    .float64: "F64", .float32: "F32", .float16: "F16", .bfloat16: "BF16", .int64: "I64",
    .int32: "I32", .int16: "I16", .int8: "I8", .uint64: "U64", .uint32: "U32", .uint16: "U16",
    .uint8: "U8", .bool: "BOOL", .float8E4M3FN: "F8_E4M3", .float8E4M3FNUZ: "F8_E4M3FNUZ",
    .float8E5M2: "F8_E5M2", .float8E5M2FNUZ: "F8_E5M2FNUZ", .float8E8M0FNU: "F8_E8M0",
    .complex64: "C64",
  ]

  private static let dtypes = Dictionary(
    uniqueKeysWithValues: dtypeNames.map { ($0.value, $0.key) })

  /// Parses and checks a header.
  ///
  /// - Parameters:
  ///   - json: The text of the header.
  ///   - dataByteCount: The number of bytes that follow the header.
  /// - Throws: The reason, without the path of the file.
  init(json: Data, dataByteCount: Int) throws(Damage) {
    if let key = JSONKeys.firstDuplicate(in: json) {
      throw Damage("its header contains the key '\(key)' twice")
    }
    let table: Table
    do {
      table = try JSONDecoder().decode(Table.self, from: json)
    } catch let error as Damage {
      throw error
    } catch {
      throw Damage("its header is not a JSON object")
    }
    metadata = table.metadata
    entries = []
    for (name, fields) in table.tensors {
      entries.append(try SafetensorsHeader.entry(name, fields, dataByteCount))
    }
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound >= end else {
        throw Damage("tensor '\(entry.name)' overlaps the previous tensor")
      }
      guard entry.range.lowerBound == end else {
        let gap = entry.range.lowerBound - end
        throw Damage("\(gap) bytes before tensor '\(entry.name)' belong to no tensor")
      }
      end = entry.range.upperBound
    }
    guard end == dataByteCount else {
      throw Damage("\(dataByteCount - end) bytes at its end belong to no tensor")
    }
  }

  private static func entry(_ name: String, _ fields: Fields, _ dataByteCount: Int) throws(Damage)
    -> Entry
  {
    let dtype = dtypes[fields.dtype]
    let shape = fields.shape
    let offsets = fields.offsets
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw Damage("tensor '\(name)' has a shape that is not a list of sizes")
    }
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw Damage("tensor '\(name)' has data_offsets that are not a range")
    }
    guard offsets[1] <= dataByteCount else {
      throw Damage(
        "tensor '\(name)' ends at byte \(offsets[1]), but only \(dataByteCount) bytes follow the "
          + "header")
    }
    let range = offsets[0]..<offsets[1]
    // The sizes of other types are not known here.
    var byteCount = dtype?.byteCount ?? 0
    for size in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
      guard !overflow else { throw Damage("tensor '\(name)' has the invalid shape \(shape)") }
      byteCount = product
    }
    guard dtype == nil || byteCount == range.count else {
      throw Damage(
        "tensor '\(name)' of shape \(shape) needs \(byteCount) bytes, but has \(range.count)")
    }
    return Entry(name: name, dtype: dtype, typeName: fields.dtype, shape: shape, range: range)
  }

  /// The reason why a file is damaged, without its path.
  struct Damage: Error {
    var reason: String
    init(_ reason: String) { self.reason = reason }
  }
}

/// The JSON of a header: an object for each tensor, and the metadata.
private struct Table: Decodable {
  var metadata: [String: String] = [:]
  var tensors: [String: Fields] = [:]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    for name in container.allKeys {
      if name.stringValue == "__metadata__" {
        metadata = try container.decode([String: String].self, forKey: name)
      } else {
        tensors[name.stringValue] = try container.decode(Fields.self, forKey: name)
      }
    }
  }

  struct Name: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

private struct Fields: Decodable {
  var dtype: String
  var shape: [Int]
  var offsets: [Int]

  private enum Key: String, CodingKey { case dtype, shape, data_offsets }

  init(from decoder: any Decoder) throws {
    let name = decoder.codingPath.last?.stringValue ?? ""
    typealias Damage = SafetensorsHeader.Damage
    guard let container = try? decoder.container(keyedBy: Key.self),
      let dtype = try? container.decode(String.self, forKey: .dtype),
      container.contains(.shape), container.contains(.data_offsets)
    else { throw Damage("tensor '\(name)' lacks dtype, shape or data_offsets") }
    guard let shape = try? container.decode([Int].self, forKey: .shape) else {
      throw Damage("tensor '\(name)' has a shape that is not a list of sizes")
    }
    guard let offsets = try? container.decode([Int].self, forKey: .data_offsets) else {
      throw Damage("tensor '\(name)' has data_offsets that are not a range")
    }
    self.dtype = dtype
    self.shape = shape
    self.offsets = offsets
  }
}
