/// A tar archive of PyTorch before 0.2, with the members `storages`, `tensors` and `pickle`.
///
/// Python reads it with `weights_only=False` only. Here it is as safe as other files.
final class TarFile: StorageSource {
  private let file: ReadableFile
  private let members: [String: Range<UInt64>]
  private var storages: [String: StorageReference] = [:]
  private var tensors: [String: PickledTensor] = [:]

  private static let blockByteCount: UInt64 = 512

  /// Opens an archive.
  ///
  /// - Returns: `nil` if the file does not begin like a tar archive.
  init?(_ file: ReadableFile) throws(FileFailure) {
    guard try TarFile.header(at: 0, of: file) != nil else { return nil }
    self.file = file
    var members: [String: Range<UInt64>] = [:]
    var position: UInt64 = 0
    while let (name, byteCount) = try TarFile.header(at: position, of: file) {
      let start = position + TarFile.blockByteCount
      guard byteCount <= file.byteCount - start else {
        throw .damaged(
          "member \(name.quotedForMessage) of the tar archive is truncated; it may have been "
            + "copied "
            + "only in part")
      }
      members[name] = start..<start + byteCount
      position = start + (byteCount + TarFile.blockByteCount - 1) / TarFile.blockByteCount * 512
    }
    self.members = members
  }

  /// Reads the value of the file.
  func value() throws(FileFailure) -> PickleValue {
    guard let pickle = members["pickle"], let storages = members["storages"] else {
      throw .unsupported(
        "it is a tar archive without the members 'pickle' and 'storages' of PyTorch before 0.2; "
          + "unpack it")
    }
    try readStorages(storages)
    if let tensors = members["tensors"] { try readTensors(tensors) }
    var unpickler = Unpickler(ByteCursor(file, pickle), source: self)
    let root = try unpickler.run()
    return try unpickler.value(of: root)
  }

  var acceptsNamesAsStorages: Bool { true }

  func storage(_ name: StorageName) throws(FileFailure) -> StorageReference {
    guard let storage = storages[name.key] else {
      throw .damaged("it does not contain the storage \(name.key.quotedForMessage) of a tensor")
    }
    guard storage.element == name.element, storage.count == name.count else {
      throw .damaged(
        "storage \(name.key.quotedForMessage) has \(storage.count) elements of "
          + "\(storage.element.name), but its pickle declares \(name.count) of \(name.element.name)"
      )
    }
    return storage
  }

  func value(_ number: Int) throws(FileFailure) -> PickleGraph.Item {
    if let tensor = tensors["\(number)"] { return .tensor(tensor) }
    if let storage = storages["\(number)"] { return .storage(storage) }
    throw .damaged("it does not contain the tensor \(number) that its pickle refers to")
  }

  /// Reads the storages and their elements, and the parts of storages, which have their own keys.
  private func readStorages(_ range: Range<UInt64>) throws(FileFailure) {
    var cursor = ByteCursor(file, range)
    let count = try pickle(&cursor)
    guard case .int(let count) = count.root else {
      throw .damaged("the number of its storages is missing")
    }
    for _ in 0..<max(count, 0) {
      let header = try pickle(&cursor)
      guard let parts = header.graph.elements(header.root), parts.count == 3,
        let key = TarFile.key(parts[0]), case .global(let storageClass) = parts[2],
        case .storageClass(_, let element) = storageClass
      else { throw .damaged("a storage in the tar archive has no key or type") }
      let length: Int64 = try cursor.integer()
      let (byteCount, overflow) = Int(length).multipliedReportingOverflow(by: element.byteCount)
      guard byteCount >= 0, !overflow, UInt64(byteCount) <= cursor.remaining else {
        throw .damaged("storage \(key.quotedForMessage) exceeds the tar archive")
      }
      let memory = try StorageMemory.allocate(byteCount: byteCount)
      try cursor.read(into: StorageMemory.buffer(memory), of: file)
      storages[key] = StorageReference(
        memory: memory, element: element, storageClass: storageClass, count: Int(length))
    }
    guard cursor.remaining > 0 else { return }
    let views = try pickle(&cursor)
    for view in views.graph.elements(views.root) ?? [] {
      guard let parts = views.graph.elements(view), parts.count == 4,
        let key = TarFile.key(parts[0]), let root = TarFile.key(parts[1]).flatMap({ storages[$0] }),
        case .int(let offset) = parts[2], case .int(let count) = parts[3], offset >= 0, count >= 0,
        offset <= root.count, count <= root.count - offset
      else { throw .damaged("a part of a storage in the tar archive extends beyond the storage") }
      var part = root
      part.byteOffset += offset * root.element.byteCount
      part.count = count
      storages[key] = part
    }
  }

  /// Reads the storage, shape, strides and offset of each tensor.
  private func readTensors(_ range: Range<UInt64>) throws(FileFailure) {
    var cursor = ByteCursor(file, range)
    guard case .int(let count) = try pickle(&cursor).root else {
      throw .damaged("the number of its tensors is missing")
    }
    for _ in 0..<max(count, 0) {
      let header = try pickle(&cursor)
      guard let parts = header.graph.elements(header.root), parts.count >= 2,
        let key = TarFile.key(parts[0]),
        let storage = TarFile.key(parts[1]).flatMap({ storages[$0] }),
        let dtype = storage.element.dtype
      else { throw .damaged("a tensor in the tar archive has no key or storage") }
      let ndim: Int32 = try cursor.integer()
      try cursor.skip(4)  // The format stores the number of dimensions in 8 bytes.
      guard (0...64).contains(ndim) else {
        throw .damaged("a tensor in the tar archive has \(ndim) dimensions")
      }
      var numbers: [Int] = []
      for _ in 0..<2 * Int(ndim) + 1 { numbers.append(Int(try cursor.integer(Int64.self))) }
      tensors[key] = PickledTensor(
        try StorageMemory.tensor(
          in: storage, as: dtype, offset: numbers[2 * Int(ndim)],
          shape: Array(numbers[..<Int(ndim)]), strides: Array(numbers[Int(ndim)..<2 * Int(ndim)])))
    }
  }

  private func pickle(_ cursor: inout ByteCursor) throws(FileFailure)
    -> (root: PickleGraph.Item, graph: PickleGraph)
  {
    var unpickler = Unpickler(cursor, source: NoStorages())
    let root = try unpickler.run()
    cursor = unpickler.cursor
    return (root, unpickler.graph)
  }

  private static func key(_ item: PickleGraph.Item) -> String? {
    switch item {
    case .string(let key): key
    case .int(let key): "\(key)"
    default: nil
    }
  }

  /// Reads the name and size of a member.
  ///
  /// - Returns: `nil` at the end of the archive, or if there is no valid header.
  private static func header(at position: UInt64, of file: ReadableFile) throws(FileFailure)
    -> (name: String, byteCount: UInt64)?
  {
    guard position <= file.byteCount, file.byteCount - position >= blockByteCount else {
      return nil
    }
    let block = try file.bytes(position..<position + blockByteCount)
    func octal(_ range: Range<Int>) -> UInt64? {
      let text = String(decoding: block[range], as: UTF8.self)
      return UInt64(text.trimming { $0 == " " || $0 == "\0" }, radix: 8)
    }
    // The checksum is the sum of the bytes, with spaces in its own field.
    let sum = block.reduce(0) { $0 + UInt64($1) } - block[148..<156].reduce(0) { $0 + UInt64($1) }
    guard octal(148..<156) == sum + 8 * 32, let byteCount = octal(124..<136) else { return nil }
    var name = String(decoding: block[0..<100].prefix { $0 != 0 }, as: UTF8.self)
    if name.hasPrefix("./") { name.removeFirst(2) }
    return (name, byteCount)
  }
}

extension String {
  fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> Substring {
    let start = drop(while: isTrimmed)
    guard let last = start.lastIndex(where: { !isTrimmed($0) }) else { return "" }
    return start[...last]
  }
}
