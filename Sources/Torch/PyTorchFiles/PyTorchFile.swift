/// Reads and writes the files of Python's `torch.save` and `torch.load(weights_only=True)`.
///
/// The format is PyTorch's since 1.6: a zip archive of a pickle and of the memory behind the tensors.
/// A pickle is a program; of its instructions only those that build tensors and plain values are known
/// here. One that asks for anything else is refused, and nothing of it has run.
public enum PyTorchFile {
  /// Reads a file.
  ///
  /// Tensors come to the CPU, wherever they were; parameters come as tensors that require a gradient.
  /// Every byte that is used has been compared with its checksum.
  ///
  /// - Throws: ``TorchError`` with code `inputOutput` when the file cannot be read, `invalidFile` when
  ///   it is damaged or asks for more than tensors and plain values; the message names the file and
  ///   what is wrong.
  public static func read(path: String) throws(TorchError) -> PickleValue {
    do throws(FileFailure) {
      return try PyTorchArchive(try ReadableFile(path: path)).value()
    } catch {
      throw error.error(path: path)
    }
  }

  /// Reads a file that holds a state dictionary, and nothing else.
  ///
  /// - Throws: As ``read(path:)``; ``TorchError`` with code `mismatch` when the file holds other things.
  public static func readStateDict(path: String) throws(TorchError) -> StateDict {
    let value = try read(path: path)
    if let state = value.stateDict { return state }
    let keys = (value.entries ?? []).compactMap(\.key.stringValue).prefix(10)
    throw TorchError(
      .mismatch,
      "'\(path)' is not a dictionary of names to tensors"
        + (keys.isEmpty ? "" : "; its keys are \(keys.map(\.quotedForMessage))")
        + ": read it with PyTorchFile.read and take the part that is one")
  }

  /// Writes a file, all or nothing; what was there before stays until the new one is complete.
  ///
  /// Equal values make equal files. A tensor's whole memory is written, as `torch.save` does, so that
  /// tensors that share it do so again; all are marked as the CPU's, so that they can be read where
  /// there is no GPU.
  ///
  /// - Throws: ``TorchError`` with code `inputOutput` when the file cannot be written,
  ///   `invalidArgument` when a value has no form in the format; the message says which.
  public static func write(_ value: PickleValue, path: String) throws(TorchError) {
    try write(value, path: path, zip64Limit: UInt64(UInt32.max))
  }

  /// Writes tensors by name, as `torch.save(model.state_dict(), path)` does.
  ///
  /// - Throws: As for other values.
  public static func write(_ state: StateDict, path: String) throws(TorchError) {
    try write(.stateDict(state), path: path)
  }

  /// Writes a file in which numbers from `zip64Limit` on have 64 bits.
  package static func write(_ value: PickleValue, path: String, zip64Limit: UInt64)
    throws(TorchError)
  {
    var pickler = Pickler()
    try pickler.pickle(value)
    try AtomicFile.write(path: path) { (file) throws(TorchError) in
      var archive = ZipWriter(file: file, zip64Limit: zip64Limit)
      func append(_ name: String, _ bytes: [UInt8]) throws(TorchError) {
        try bytes.withUnsafeBufferPointer { (bytes) throws(TorchError) in
          try archive.append("archive/\(name)", UnsafeRawBufferPointer(bytes))
        }
      }
      try append("data.pkl", pickler.bytes)
      try append("byteorder", Array("little".utf8))
      for (index, memory) in pickler.storages.enumerated() {
        try memory.withBytes { (bytes) throws(TorchError) in
          try archive.append("archive/data/\(index)", bytes)
        }
      }
      try append("version", Array("3\n".utf8))
      try archive.finish()
    }
  }
}
