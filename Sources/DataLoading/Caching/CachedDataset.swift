/// Samples in a memory-mapped cache file; each is read on access.
public struct CachedDataset<Element: CacheableRow>: Dataset {
  /// The path of the file.
  public let path: String

  /// The number of samples.
  public let count: Int

  private let bytes: MappedBytes

  /// Opens a file written by ``Dataset/map(cachedIn:key:timeout:progress:_:)``, with any key.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` or `malformedFile`.
  public init(contentsOf path: String) throws(DataLoadingError) {
    try self.init(contentsOf: path, key: nil)
  }

  /// Opens a file that was written for `key`, or for any key if `key` is `nil`.
  ///
  /// File format: the 8 bytes `LSROWS1\n`, the key's 32 digits, the number of samples, the end
  /// offset of each sample from the start of the first one (all 64-bit, little-endian), and the
  /// samples.
  ///
  /// - Throws: ``DataLoadingError`` with code `fileUnreadable` or `malformedFile`.
  package init(contentsOf path: String, key: ContentKey?) throws(DataLoadingError) {
    bytes = try MappedBytes(path)
    self.path = path
    func damaged(_ what: String) -> DataLoadingError {
      DataLoadingError(.malformedFile, "\(what); delete the file to rebuild it", path: path)
    }
    let head = key.map(CacheFormat.head) ?? CacheFormat.magic
    guard bytes.count >= CacheFormat.endOffset(of: 0),
      bytes.with(0..<head.count, { $0.elementsEqual(head) })
    else { throw damaged("this is not a cache file of the requested data") }
    let count = bytes.load(UInt64.self, at: CacheFormat.endOffset(of: -1))
    guard count <= UInt64((bytes.count - CacheFormat.endOffset(of: 0)) / 8) else {
      throw damaged("the file is truncated: it should hold \(count) samples")
    }
    self.count = Int(count)
    var end: UInt64 = 0
    for index in 0..<self.count {
      let next = bytes.load(UInt64.self, at: CacheFormat.endOffset(of: index))
      guard next >= end else { throw damaged("sample \(index) ends before it starts") }
      end = next
    }
    guard end == UInt64(bytes.count - CacheFormat.endOffset(of: self.count)) else {
      throw damaged("the file has the wrong size: its samples should take \(end) bytes")
    }
  }

  /// The sample at an index.
  public subscript(index: Int) -> Element {
    get throws {
      try checkIndex(index)
      let first = CacheFormat.endOffset(of: count)
      let start =
        index == 0 ? 0 : Int(bytes.load(UInt64.self, at: CacheFormat.endOffset(of: index - 1)))
      let end = Int(bytes.load(UInt64.self, at: CacheFormat.endOffset(of: index)))
      guard let element = bytes.with(first + start..<first + end, { Element(cached: $0) }) else {
        throw DataLoadingError(
          .malformedFile, "sample \(index) is damaged; delete the file to rebuild it",
          path: path)
      }
      return element
    }
  }
}

/// The layout of a cache file.
enum CacheFormat {
  static let magic = Array("LSROWS1\n".utf8)

  static func head(_ key: ContentKey) -> [UInt8] { magic + Array(key.description.utf8) }

  /// Returns the file offset at which the end offset of a sample is stored.
  ///
  /// For `index` equal to the number of samples, this is where the samples start.
  static func endOffset(of index: Int) -> Int { 8 + 32 + 8 + 8 * index }
}
