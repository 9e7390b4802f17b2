import Foundation
import Glibc
import ProcessHarness
import Torch

/// A folder that goes away with the test, and files in PyTorch's format made byte by byte in it.
final class TestArchive {
  private let place: TestFolder

  init() throws { place = try TestFolder() }

  var folder: String { place.path }
  var path: String { "\(folder)/checkpoint.pt" }

  /// Foundation's own way to write waits for the disk each time.
  func write(_ data: Data) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    let written = data.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard close(descriptor) == 0, written == data.count else { throw POSIXError(.EIO) }
  }

  var data: Data {
    get throws { try Data(contentsOf: URL(fileURLWithPath: path)) }
  }

  /// The records of a file that Lockstep wrote, by their own headers; where their bytes begin.
  var records: [(name: String, start: Int, bytes: [UInt8])] {
    get throws {
      let bytes = [UInt8](try data)
      func number(_ position: Int, _ count: Int) -> Int {
        bytes[position..<position + count].reversed().reduce(0) { $0 << 8 | Int($1) }
      }
      var records: [(String, Int, [UInt8])] = []
      var position = 0
      while number(position, 4) == 0x0403_4b50 {
        let name = position + 30
        let start = name + number(position + 26, 2) + number(position + 28, 2)
        let end = start + number(position + 22, 4)
        records.append(
          (
            String(decoding: bytes[name..<name + number(position + 26, 2)], as: UTF8.self), start,
            Array(bytes[start..<end])
          ))
        position = end
      }
      return records
    }
  }

  /// Writes an archive around a pickle.
  func write(pickle: [UInt8], storages: [String: [UInt8]] = [:]) throws {
    var records: [(String, [UInt8])] = [("x/data.pkl", pickle), ("x/version", Array("3\n".utf8))]
    records += storages.sorted { $0.key < $1.key }.map { ("x/data/\($0.key)", $0.value) }
    try write(records: records)
  }

  /// Appends a record of zeros that take no room on the disk, in the 64-bit form.
  func appendHole(_ name: String, byteCount: UInt64) throws {
    var file = try data
    // Without its end: table and end are written again, behind the hole.
    let tableStart = file.count - 22 - Int(file.suffix(10).prefix(4).littleEndian)
    var table = file[tableStart..<(file.count - 22)]
    let count = UInt64(file.suffix(12).prefix(2).littleEndian)
    file = file.prefix(tableStart)
    let common = commonFields(
      of: name, checksum: 0, byteCount: .max, extraByteCount: 20)
    var extra = Data()
    extra.add(1 as UInt16, 16 as UInt16, byteCount, byteCount)
    table.add(0x0201_4b50 as UInt32, 45 as UInt16)
    table += common + Data(count: 10)
    table.add(UInt32(file.count))
    table += Data(name.utf8) + extra
    file.add(0x0403_4b50 as UInt32)
    file += common + Data(name.utf8) + extra
    try write(file)
    let end = UInt64(file.count) + byteCount
    try append(Data(table), at: end)
    try appendEnd(tableAt: end, byteCount: UInt64(table.count), count: count + 1)
  }

  /// Appends the end of an archive in the 64-bit form, behind a table.
  func appendEnd(tableAt start: UInt64, byteCount: UInt64, count: UInt64) throws {
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
    of name: String, checksum: UInt32, byteCount: UInt32, extraByteCount: UInt16 = 0,
    method: UInt16 = 0
  ) -> Data {
    var common = Data()
    common.add(20 as UInt16, 0 as UInt16, method, 0 as UInt16, 0x21 as UInt16)
    common.add(checksum, byteCount, byteCount, UInt16(name.utf8.count), extraByteCount)
    return common
  }

  /// Writes a zip archive in its oldest form: no 64-bit numbers, no alignment.
  func write(records: [(name: String, bytes: [UInt8])], method: UInt16 = 0) throws {
    var file = Data()
    var table = Data()
    for (name, bytes) in records {
      let common = commonFields(
        of: name, checksum: crc32(bytes), byteCount: UInt32(bytes.count), method: method)
      table.add(0x0201_4b50 as UInt32, 20 as UInt16)
      table += common + Data(count: 10)
      table.add(UInt32(file.count))
      table += Data(name.utf8)
      file.add(0x0403_4b50 as UInt32)
      file += common + Data(name.utf8) + Data(bytes)
    }
    let start = UInt32(file.count)
    file += table
    file.add(0x0605_4b50 as UInt32, 0 as UInt32, UInt16(records.count), UInt16(records.count))
    file.add(UInt32(table.count), start, 0 as UInt16)
    try write(file)
  }
}

extension Data {
  fileprivate var littleEndian: Int { reversed().reduce(0) { $0 << 8 | Int($1) } }

  mutating func add(_ numbers: any FixedWidthInteger...) {
    for number in numbers { addLittleEndian(number) }
  }

  private mutating func addLittleEndian(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}

/// The textbook's form, so that the tests do not lean on the code that they test.
func crc32(_ bytes: [UInt8]) -> UInt32 {
  var crc = UInt32.max
  for byte in bytes { crc = crc >> 8 ^ crcOfByte[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
  return ~crc
}

private let crcOfByte = (0..<256).map { byte in
  (0..<8).reduce(UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
}

/// Everything that a value is, to the bit, as text; memory that is shared gets one name.
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
    }
  }
  return text(value)
}
