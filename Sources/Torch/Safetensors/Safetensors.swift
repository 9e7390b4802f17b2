internal import Foundation
internal import Glibc

/// Reads and writes tensors in Hugging Face's safetensors format.
public enum Safetensors {
  /// A file's tensors and its free text.
  public struct Contents {
    /// Tensors by name.
    public var tensors: StateDict
    /// The header's `__metadata__`.
    public var metadata: [String: String]
  }

  /// Maps a file into memory; a tensor's bytes are read from disk when they are first used.
  ///
  /// The whole header is checked before anything is returned: tensors lie inside the file, side by
  /// side, and are as long as their shapes say.
  ///
  /// - Returns: CPU tensors that share the mapping; what is written to them stays in this process.
  /// - Throws: ``TorchError`` with code `inputOutput` when the file cannot be read, `invalidFile` when
  ///   it is damaged; the message names the file and what is wrong.
  public static func read(path: String) throws(TorchError) -> Contents {
    let file = try MappedFile(path: path)
    func damaged(_ reason: String) -> TorchError {
      TorchError(
        .invalidFile,
        "'\(path)' is no intact safetensors file: \(reason); copy or download it again")
    }
    guard file.bytes.count >= 8 else {
      throw damaged("it has \(file.bytes.count) bytes and needs at least 8")
    }
    let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(file.bytes.count - 8) else {
      throw damaged("its header of \(length) bytes goes beyond the file of \(file.bytes.count)")
    }
    guard length <= SafetensorsHeader.largestHeader else {
      throw damaged("its header of \(length) bytes is larger than the format allows")
    }
    let dataStart = 8 + Int(length)
    let header: SafetensorsHeader
    do throws(SafetensorsHeader.Damage) {
      header = try SafetensorsHeader(
        json: Data(file.bytes[8..<dataStart]), dataByteCount: file.bytes.count - dataStart)
    } catch {
      throw damaged(error.reason)
    }
    var tensors: StateDict = [:]
    for entry in header.entries {
      tensors[entry.name] = tensor(entry, in: file, from: dataStart)
    }
    return Contents(tensors: tensors, metadata: header.metadata)
  }

  /// Writes tensors to a file, all or nothing.
  ///
  /// The bytes go to a temporary file beside it, which is synced and then renamed: whatever happens on
  /// the way, an earlier file of that name stays as it was. Tensors are laid out by falling element
  /// size, then by name, as the reference implementation does, so equal tensors make equal files.
  ///
  /// - Parameters:
  ///   - tensors: What to write, by name.
  ///   - metadata: Free text for the header; Hugging Face expects `["format": "pt"]`.
  ///   - path: The file's path; its folder exists.
  /// - Throws: ``TorchError`` with code `inputOutput` when the file cannot be written.
  public static func write(
    _ tensors: StateDict, metadata: [String: String] = ["format": "pt"], path: String
  ) throws(TorchError) {
    try write(tensors, metadata: metadata, path: path) { _, _ in }
  }

  /// As above, and shows each piece of the file before it is written, in order: the header with its
  /// length under no name, and each tensor's bytes under its name.
  package static func write(
    _ tensors: StateDict, metadata: [String: String] = ["format": "pt"], path: String,
    observing observe: (_ name: String?, _ bytes: UnsafeRawBufferPointer) -> Void
  ) throws(TorchError) {
    let sorted = tensors.sorted {
      ($1.value.dtype.byteCount, $0.key) < ($0.value.dtype.byteCount, $1.key)
    }
    var header = Data("{".utf8)
    header += quoted("__metadata__") + Data(":{".utf8)
    header += Data(
      metadata.sorted { $0.key < $1.key }.map { quoted($0.key) + Data(":".utf8) + quoted($0.value) }
        .joined(separator: Data(",".utf8)))
    header += Data("}".utf8)
    var offset = 0
    for (name, tensor) in sorted {
      guard let dtype = SafetensorsHeader.dtypeNames[tensor.dtype] else {
        preconditionFailure("safetensors has no name for \(tensor.dtype)")
      }
      let end = offset + tensor.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      header += Data(",".utf8) + quoted(name)
      header += Data(
        ":{\"dtype\":\"\(dtype)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}".utf8)
      offset = end
    }
    header += Data("}".utf8)
    header += Data(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)

    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }

    try AtomicFile.write(path: path) { (file) throws(TorchError) in
      let head = length + header
      head.withUnsafeBytes { observe(nil, $0) }
      try file.append(head)
      for (name, tensor) in sorted {
        try tensor.withBytes { (bytes) throws(TorchError) in
          observe(name, bytes)
          try file.append(bytes)
        }
      }
    }
  }

  private static func tensor(
    _ entry: SafetensorsHeader.Entry, in file: MappedFile, from dataStart: Int
  ) -> Tensor {
    guard !entry.range.isEmpty, let start = file.bytes.baseAddress else {
      return Tensor(zeros: entry.shape, dtype: entry.dtype)
    }
    let address = start + dataStart + entry.range.lowerBound
    let mapped = UInt(bitPattern: address) % UInt(entry.dtype.byteCount) == 0
    if mapped {
      return Tensor(memory: address, shape: entry.shape, dtype: entry.dtype, owner: file)
    }
    // A header whose length is no multiple of eight leaves tensors where they can't be used.
    let copy = Tensor(empty: entry.shape, dtype: entry.dtype)
    copy.dataAddress?.copyMemory(from: address, byteCount: entry.range.count)
    return copy
  }

  private static func quoted(_ text: String) -> Data {
    // A string is always encodable.
    (try? JSONEncoder().encode(text)) ?? Data("\"\"".utf8)
  }
}
