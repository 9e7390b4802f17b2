import Foundation
import Glibc
import ProcessHarness
import Torch

/// A temporary folder with a file in PyTorch's format that is written byte by byte.
final class TestArchive {
  private let temporary: TestFolder

  init() throws { temporary = try TestFolder() }

  var folder: String { temporary.path }
  var path: String { "\(folder)/checkpoint.pt" }

  /// Writes the file without waiting for the disk, unlike Foundation.
  func write(_ data: Data) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    let written = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard close(descriptor) == 0, written == data.count else { throw POSIXError(.EIO) }
  }

  var data: Data {
    get throws { try Data(contentsOf: URL(fileURLWithPath: path)) }
  }

  /// The records of a file written by Lockstep, from their local headers, with the offsets of their
  /// bytes.
  var records: [(name: String, start: Int, bytes: [UInt8])] {
    get throws {
      let bytes = [UInt8](try data)
      func integer(_ position: Int, _ count: Int) -> Int {
        bytes[position..<position + count].reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      var records: [(String, Int, [UInt8])] = []
      var position = 0
      while integer(position, 4) == 0x0403_4b50 {
        let name = position + 30
        let start = name + integer(position + 26, 2) + integer(position + 28, 2)
        let end = start + integer(position + 22, 4)
        records.append(
          (
            String(decoding: bytes[name..<name + integer(position + 26, 2)], as: UTF8.self), start,
            Array(bytes[start..<end])
          ))
        position = end
      }
      return records
    }
  }

  /// Writes an archive with a pickle.
  func write(pickle: [UInt8], storages: [String: [UInt8]] = [:]) throws {
    var records: [(String, [UInt8])] = [("x/data.pkl", pickle), ("x/version", Array("3\n".utf8))]
    records += storages.sorted { $0.key < $1.key }.map { ("x/data/\($0.key)", $0.value) }
    try write(records: records)
  }

  /// Appends a record of zeros that uses no disk space, in zip64 form.
  func appendHole(_ name: String, byteCount: UInt64) throws {
    var file = try data
    // Without its end: the central directory and the end are written again after the hole.
    let directoryStart = file.count - 22 - Int(file.suffix(10).prefix(4).littleEndian)
    var directory = file[directoryStart..<(file.count - 22)]
    let count = UInt64(file.suffix(12).prefix(2).littleEndian)
    file = file.prefix(directoryStart)
    let common = commonFields(
      of: name, checksum: 0, byteCount: .max, extraByteCount: 20)
    var extra = Data()
    extra.add(1 as UInt16, 16 as UInt16, byteCount, byteCount)
    directory.add(0x0201_4b50 as UInt32, 45 as UInt16)
    directory += common + Data(count: 10)
    directory.add(UInt32(file.count))
    directory += Data(name.utf8) + extra
    file.add(0x0403_4b50 as UInt32)
    file += common + Data(name.utf8) + extra
    try write(file)
    let end = UInt64(file.count) + byteCount
    try append(Data(directory), at: end)
    try appendEnd(directoryAt: end, byteCount: UInt64(directory.count), count: count + 1)
  }

  /// Appends the end records of an archive in zip64 form, after the central directory.
  func appendEnd(directoryAt start: UInt64, byteCount: UInt64, count: UInt64) throws {
    var end = Data()
    end.add(0x0606_4b50 as UInt32, 44 as UInt64, 45 as UInt16, 45 as UInt16, 0 as UInt64)
    end.add(count, count, byteCount, start)
    end.add(0x0706_4b50 as UInt32, 0 as UInt32, start + byteCount, 1 as UInt32)
    end.add(0x0605_4b50 as UInt32, 0 as UInt32, UInt16(count), UInt16(count))
    end.add(UInt32.max, UInt32.max, 0 as UInt16)
    try append(end, at: start + byteCount)
  }

  private func append(_ data: Data, at position: UInt64) throws {
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
    try file.seek(toOffset: position)
    try file.write(contentsOf: data)
    try file.close()
  }

  private func commonFields(
    of name: String, checksum: UInt32, byteCount: UInt32, storedByteCount: UInt32? = nil,
    extraByteCount: UInt16 = 0, method: UInt16 = 0
  ) -> Data {
    var common = Data()
    common.add(20 as UInt16, 0 as UInt16, method, 0 as UInt16, 0x21 as UInt16)
    common.add(checksum, storedByteCount ?? byteCount, byteCount)
    common.add(UInt16(name.utf8.count), extraByteCount)
    return common
  }

  /// Writes a zip archive without zip64 fields and without alignment.
  ///
  /// `records` have the bytes that the archive stores, `originals` those before their compression.
  func write(
    records: [(name: String, bytes: [UInt8])], method: UInt16 = 0, originals: [[UInt8]]? = nil,
    comment: [UInt8] = []
  ) throws {
    var file = Data()
    var directory = Data()
    for (index, (name, bytes)) in records.enumerated() {
      let original = originals?[index] ?? bytes
      let common = commonFields(
        of: name, checksum: crc32(original), byteCount: UInt32(original.count),
        storedByteCount: UInt32(bytes.count), method: method)
      directory.add(0x0201_4b50 as UInt32, 20 as UInt16)
      directory += common + Data(count: 10)
      directory.add(UInt32(file.count))
      directory += Data(name.utf8)
      file.add(0x0403_4b50 as UInt32)
      file += common + Data(name.utf8) + Data(bytes)
    }
    let start = UInt32(file.count)
    file += directory
    file.add(0x0605_4b50 as UInt32, 0 as UInt32, UInt16(records.count), UInt16(records.count))
    file.add(UInt32(directory.count), start, UInt16(comment.count))
    try write(file + Data(comment))
  }
}

extension Data {
  fileprivate var littleEndian: Int { reversed().reduce(0) { $0 << 8 | Int($1) } }

  mutating func add(_ integers: any FixedWidthInteger...) {
    for integer in integers { addLittleEndian(integer) }
  }

  private mutating func addLittleEndian(_ integer: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
  }
}

/// CRC-32, implemented independently of the code under test.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  var crc = UInt32.max
  for byte in bytes { crc = crc >> 8 ^ crcOfByte[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
  return ~crc
}

private let crcOfByte = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
}

/// An exact description of a value, including bits, strides and shared memory.
func exactText(_ value: PickleValue) -> String {
  var memories: [UnsafeMutableRawPointer?] = []
  func text(_ value: PickleValue) -> String {
    switch value {
    case .none: return "None"
    case .bool(let value): return "bool \(value)"
    case .int(let value): return "int \(value)"
    case .float(let value): return "float \(String(value.bitPattern, radix: 16))"
    case .string(let value): return "string \(value.debugDescription)"
    case .tensor(let tensor):
      let address = tensor.dataAddress
      let memory = memories.firstIndex(of: address) ?? memories.count
      if memory == memories.count { memories.append(address) }
      let bytes = tensor.withBytes { $0.map { String($0, radix: 16) }.joined(separator: " ") }
      return "\(tensor.summary) \(tensor.strides) \(tensor.requiresGrad) @\(memory) [\(bytes)]"
    case .list(let elements): return "[\(elements.map(text).joined(separator: ", "))]"
    case .tuple(let elements): return "(\(elements.map(text).joined(separator: ", ")))"
    case .dictionary(let entries):
      return "{\(entries.map { "\(text($0.key)): \(text($0.value))" }.joined(separator: ", "))}"
    case .opaque(let value):
      let arguments = value.arguments.map(text).joined(separator: ", ")
      return "opaque \(value.typeName) \(value) <\(arguments)>"
    }
  }
  return text(value)
}
