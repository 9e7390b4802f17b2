internal import Foundation
internal import Glibc
internal import Support
package import Torch

/// A snapshot in memory, before it is written or after it is read.
package struct SnapshotContents: Sendable {
  /// The manifest; `files` is filled in when the snapshot is written.
  var manifest: SnapshotManifest
  /// The tensors of each file.
  package var files: [String: StateDict]
}

extension SnapshotContents {
  /// Writes a snapshot to a temporary folder and renames it once all data is on disk.
  ///
  /// - Throws: ``TrainingError`` with code `inputOutput`; the incomplete snapshot is removed.
  func write(as name: SnapshotName, in folder: SnapshotFolder) throws {
    let partial = folder.partialPath(name)
    try? FileManager.default.removeItem(atPath: partial)
    guard mkdir(partial, 0o755) == 0 else { throw TrainingError.system("cannot create", partial) }
    do {
      try writeFiles(to: partial)
      guard rename(partial, folder.path(name)) == 0 else {
        throw TrainingError.system("cannot rename a snapshot to", folder.path(name))
      }
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      guard let error = error as? TorchError else { throw error }
      throw TrainingError(
        .inputOutput,
        "the snapshot of step \(name.step) was not written: \(error). Earlier snapshots are "
          + "unchanged: free disk space or choose another folder, then resume from the last one",
        cause: error)
    }
    AtomicFile.syncFolder(of: folder.path(name))
  }

  private func writeFiles(to path: String) throws {
    var manifest = manifest
    for (name, tensors) in files.sorted(by: { $0.key < $1.key }) {
      manifest.files[name] = try SnapshotContents.write(tensors, to: "\(path)/\(name)")
    }
    let text = try manifest.encoded()
    try AtomicFile.write(path: "\(path)/\(SnapshotManifest.fileName)") {
      (file) throws(SystemError) in try file.append(text)
    }
  }

  private static func write(_ tensors: StateDict, to path: String) throws -> SnapshotManifest.File {
    var whole = CRC32C()
    var byteCount = 0
    var entries: [String: SnapshotManifest.TensorEntry] = [:]
    try Safetensors.write(tensors, path: path) { name, bytes in
      whole.combine(bytes)
      byteCount += bytes.count
      guard let name, let tensor = tensors[name] else { return }
      var tensorChecksum = CRC32C()
      tensorChecksum.combine(bytes)
      entries[name] = SnapshotManifest.TensorEntry(
        dtype: "\(tensor.dtype)", shape: tensor.shape, crc32c: tensorChecksum.text)
    }
    return SnapshotManifest.File(byteCount: byteCount, crc32c: whole.text, tensors: entries)
  }
}

extension SnapshotContents {
  /// Reads a whole snapshot and verifies all checksums.
  ///
  /// - Throws: ``SnapshotDamage``, or ``TrainingError`` with code `newerVersion`.
  package init(reading path: String) throws {
    manifest = try SnapshotContents.manifest(in: path)
    files = [:]
    for (name, entry) in manifest.files {
      guard !name.contains("/") else {
        throw SnapshotDamage("it lists the file '\(name)', which is outside its folder")
      }
      files[name] = try SnapshotContents.read("\(path)/\(name)", name, entry)
    }
  }

  /// Reads and verifies only the manifest.
  package static func manifest(in path: String) throws -> SnapshotManifest {
    let text: Data
    do {
      text = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(SnapshotManifest.fileName)"))
    } catch {
      throw SnapshotDamage("its \(SnapshotManifest.fileName) cannot be read")
    }
    return try SnapshotManifest(decoding: text, path: path)
  }

  private static func read(_ path: String, _ name: String, _ entry: SnapshotManifest.File) throws
    -> StateDict
  {
    // Read rather than mapped: a disk error is then an error code instead of SIGBUS.
    let (byteCount, checksum) = try checksum(of: path, name)
    guard byteCount == entry.byteCount else {
      throw SnapshotDamage("\(name) has \(byteCount) bytes instead of \(entry.byteCount)")
    }
    let tensors: StateDict
    do {
      tensors = try Safetensors.read(path: path).tensors
    } catch {
      throw SnapshotDamage("\(name) is not a valid safetensors file")
    }
    guard checksum == entry.crc32c else {
      let wrong = entry.tensors.keys.sorted().first { name in
        tensors[name].map(SnapshotContents.checksum) != entry.tensors[name]?.crc32c
      }
      throw SnapshotDamage(
        wrong.map { "the checksum of tensor '\($0)' in \(name) does not match" }
          ?? "the checksum of \(name) does not match")
    }
    return tensors
  }

  private static func checksum(of tensor: Tensor) -> String {
    var checksum = CRC32C()
    tensor.withBytes { checksum.combine($0) }
    return checksum.text
  }

  private static func checksum(of path: String, _ name: String) throws -> (Int, String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw SnapshotDamage("\(name) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { chunk.deallocate() }
    var checksum = CRC32C()
    var total = 0
    while true {
      let count = Glibc.read(descriptor, chunk.baseAddress, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw SnapshotDamage("\(name) cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return (total, checksum.text) }
      checksum.combine(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
      total += count
    }
  }
}
