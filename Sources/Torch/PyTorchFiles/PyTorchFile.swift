internal import Support

/// Reads and writes files in the format of Python's `torch.save` and
/// `torch.load(weights_only=True)`.
///
/// The format, PyTorch's since 1.6, is a zip archive of a pickle and of the storages of the
/// tensors. The formats before it are read as well. A pickle is a program. Lockstep implements only
/// the instructions, classes and functions that `torch.load(weights_only=True)` of PyTorch 2.13
/// allows. It rejects a file with any other, and never executes code from a file.
public enum PyTorchFile {
  /// Reads a file.
  ///
  /// Tensors are on the CPU, whatever their device when they were saved. Parameters become tensors
  /// that require a gradient. The checksums of all used records are verified. What Swift has no
  /// type for becomes a ``PickleValue/opaque(_:)`` value. Python attributes of tensors and
  /// dictionaries are dropped.
  ///
  /// Like `torch.load`, it reads a file whose name ends with `.safetensors` as such.
  ///
  /// - Throws: ``TorchError`` with code `inputOutput` if the file cannot be read, or `invalidFile`
  ///   if it is damaged or contains what `torch.load(weights_only=True)` rejects. The message
  ///   contains the path, the keys that lead to the value, and the reason.
  public static func read(path: String) throws(TorchError) -> PickleValue {
    if path.hasSuffix(".safetensors") {
      return .stateDict(try Safetensors.read(path: path).tensors)
    }
    do throws(FileFailure) {
      let file = try ReadableFile(path: path)
      switch try FileFormat(of: file) {
      case .zip: return try PyTorchArchive(file).value()
      case .tar(let tar): return try tar.value()
      case .pickles: return try LegacyFile(file).value()
      }
    } catch {
      throw error.error(path: path)
    }
  }

  /// Reads a file that contains only a state dictionary.
  ///
  /// - Throws: The errors of ``read(path:)``, and ``TorchError`` with code `mismatch` if the file
  ///   contains anything else.
  public static func readStateDict(path: String) throws(TorchError) -> StateDict {
    let value = try read(path: path)
    if let state = value.stateDict { return state }
    let keys = (value.entries ?? []).compactMap(\.key.stringValue).prefix(10)
    throw TorchError(
      .mismatch,
      "'\(path)' does not consist of a state dictionary, tensors by name"
        + (keys.isEmpty
          ? "" : "; its keys are \(keys.map(\.quotedForMessage).joined(separator: ", "))")
        + ": read it with PyTorchFile.read and select the state dictionary in it")
  }

  /// Writes a file atomically: an existing file remains until the new one is complete.
  ///
  /// Equal values produce equal files. Like `torch.save`, it writes the whole storage of a tensor,
  /// so that tensors that share memory share it again when they are read. All tensors are saved as
  /// CPU tensors, so that the file can be read without a GPU.
  ///
  /// - Throws: ``TorchError`` with code `inputOutput` if the file cannot be written, or
  ///   `invalidArgument` if the format cannot represent a value, which the message describes.
  public static func write(_ value: PickleValue, path: String) throws(TorchError) {
    try write(value, path: path, zip64Limit: UInt64(UInt32.max))
  }

  /// Writes tensors by name, as `torch.save(model.state_dict(), path)` does.
  ///
  /// - Throws: ``TorchError``, as for other values.
  public static func write(_ state: StateDict, path: String) throws(TorchError) {
    try write(.stateDict(state), path: path)
  }

  /// Writes a file whose zip fields have 64 bits for values of at least `zip64Limit`.
  package static func write(_ value: PickleValue, path: String, zip64Limit: UInt64)
    throws(TorchError)
  {
    var pickler = Pickler()
    try pickler.pickle(value)
    do throws(SystemError) {
      try AtomicFile.write(path: path) { (file) throws(SystemError) in
        var archive = ZipWriter(file: file, zip64Limit: zip64Limit)
        func append(_ name: String, _ bytes: [UInt8]) throws(SystemError) {
          try bytes.withUnsafeBufferPointer { (bytes) throws(SystemError) in
            try archive.append("archive/\(name)", UnsafeRawBufferPointer(bytes))
          }
        }
        try append("data.pkl", pickler.bytes)
        try append("byteorder", Array("little".utf8))
        for (index, memory) in pickler.storages.enumerated() {
          try memory.withBytes { (bytes) throws(SystemError) in
            try archive.append("archive/data/\(index)", bytes)
          }
        }
        try append("version", Array("3\n".utf8))
        try archive.finish()
      }
    } catch {
      throw TorchError(error)
    }
  }
}
