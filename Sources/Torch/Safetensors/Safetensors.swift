internal import Foundation
internal import Glibc
internal import Support

/// Reads and writes tensors in Hugging Face's safetensors format.
public enum Safetensors {
  /// The contents of a file.
  public struct Contents {
    /// The tensors by name, except those in ``otherTypes``.
    public var tensors: StateDict
    /// The `__metadata__` of the header.
    public var metadata: [String: String]
    /// The tensors whose element type Lockstep lacks, such as `F4`: the types by name.
    public var otherTypes: [String: String] = [:]

    /// The tensor with a name.
    ///
    /// - Throws: ``TorchError`` with code `mismatch` if the file does not contain it, or if
    ///   Lockstep lacks its element type, which the message names.
    public func tensor(_ name: String) throws(TorchError) -> Tensor {
      if let tensor = tensors[name] { return tensor }
      if let type = otherTypes[name] {
        throw TorchError(
          .mismatch,
          "tensor \(name.quotedForMessage) has the element type \(type.quotedForMessage), which "
            + "Lockstep does not support; convert it in Python, for example to bfloat16")
      }
      throw TorchError(
        .mismatch,
        "the file does not contain the tensor \(name.quotedForMessage), but "
          + "\(tensors.count + otherTypes.count) others; check the name")
    }
  }

  /// Maps a file into memory.
  ///
  /// The bytes of a tensor are read from disk at their first use.
  ///
  /// The whole header is checked: tensors must be inside the file, without gaps or overlaps, and
  /// have the sizes of their shapes. Tensors of a type that Lockstep lacks do not prevent the
  /// others from being read.
  ///
  /// - Returns: CPU tensors that share the mapping. Writing to them does not change the file.
  /// - Throws: ``TorchError`` with code `inputOutput` if the file cannot be read, or `invalidFile`
  ///   if it is damaged. The message contains the path and the reason.
  public static func read(path: String) throws(TorchError) -> Contents {
    let file: MappedFile
    do throws(SystemError) {
      file = try MappedFile(path: path)
    } catch {
      throw TorchError(error)
    }
    func damaged(_ reason: String) -> TorchError {
      TorchError(
        .invalidFile,
        "'\(path)' is not a valid safetensors file: \(reason); copy or download it again")
    }
    guard file.bytes.count >= 8 else {
      throw damaged("it has \(file.bytes.count) bytes, but needs at least 8")
    }
    let length = UInt64(littleEndian: file.bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(file.bytes.count - 8) else {
      throw damaged(
        "its header of \(length) bytes extends beyond the file of \(file.bytes.count) bytes")
    }
    guard length <= SafetensorsHeader.maximumByteCount else {
      throw damaged(
        "its header of \(length) bytes exceeds the format's limit of "
          + "\(SafetensorsHeader.maximumByteCount) bytes")
    }
    let dataStart = 8 + Int(length)
    let header: SafetensorsHeader
    do throws(SafetensorsHeader.Damage) {
      header = try SafetensorsHeader(
        json: Data(file.bytes[8..<dataStart]), dataByteCount: file.bytes.count - dataStart)
    } catch {
      throw damaged(error.reason)
    }
    var contents = Contents(tensors: [:], metadata: header.metadata)
    for entry in header.entries {
      if let dtype = entry.dtype {
        contents.tensors[entry.name] = tensor(entry, dtype, in: file, from: dataStart)
      } else {
        contents.otherTypes[entry.name] = entry.typeName
      }
    }
    return contents
  }

  /// Writes tensors to a file atomically.
  ///
  /// The bytes are written to a temporary file in the same folder, which is synced and then
  /// renamed. If the write fails, an existing file at `path` is unchanged. Like the reference
  /// implementation, tensors are sorted by descending element size, then by name, so that equal
  /// tensors produce equal files.
  ///
  /// - Parameters:
  ///   - tensors: The tensors by name.
  ///   - metadata: Text for the header. Hugging Face requires `["format": "pt"]`.
  ///   - path: The path of the file, in an existing folder.
  /// - Throws: ``TorchError`` with code `inputOutput` if the file cannot be written, or
  ///   `invalidArgument` if the format has no name for the type of a tensor.
  public static func write(
    _ tensors: StateDict, metadata: [String: String] = ["format": "pt"], path: String
  ) throws(TorchError) {
    try write(tensors, metadata: metadata, path: path) { _, _ in }
  }

  /// Writes tensors to a file atomically, and calls `observe` with each part before it is written.
  ///
  /// The first part is the header with its length; its name is `nil`. The bytes of each tensor
  /// follow, with the name of the tensor.
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
        throw TorchError(
          .invalidArgument,
          "tensor \(name.quotedForMessage) cannot be saved: safetensors has no element type "
            + "\(tensor.dtype); convert it, or save a .pt file with PyTorchFile.write")
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

    do throws(SystemError) {
      try AtomicFile.write(path: path) { (file) throws(SystemError) in
        let head = length + header
        head.withUnsafeBytes { observe(nil, $0) }
        try file.append(head)
        for (name, tensor) in sorted {
          try tensor.withBytes { (bytes) throws(SystemError) in
            observe(name, bytes)
            try file.append(bytes)
          }
        }
      }
    } catch {
      throw TorchError(error)
    }
  }

  private static func tensor(
    _ entry: SafetensorsHeader.Entry, _ dtype: DType, in file: MappedFile, from dataStart: Int
  ) -> Tensor {
    guard !entry.range.isEmpty, let start = file.bytes.baseAddress else {
      return Tensor.zeros(entry.shape, dtype: dtype)
    }
    let address = start + dataStart + entry.range.lowerBound
    let isAligned = UInt(bitPattern: address) % UInt(dtype.byteCount) == 0
    if isAligned {
      return Tensor(memory: address, shape: entry.shape, dtype: dtype, owner: file)
    }
    // If the length of the header is not a multiple of eight, tensors are not aligned for use in
    // place.
    let copy = Tensor.empty(entry.shape, dtype: dtype)
    copy.dataAddress?.copyMemory(from: address, byteCount: entry.range.count)
    return copy
  }

  private static func quoted(_ text: String) -> Data {
    // Encoding a string never fails.
    (try? JSONEncoder().encode(text)) ?? Data("\"\"".utf8)
  }
}
