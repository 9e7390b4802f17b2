import Glibc

extension Dataset {
  /// Returns the data set with each sample transformed, on all cores, and kept in a file for the next time.
  ///
  /// A file of the same key is mapped, and nothing is transformed. Otherwise the first process that comes
  /// makes it while others wait; if it dies, the next one does. So ranks on one machine just all call
  /// this. The file appears whole or not at all.
  ///
  /// - Parameters:
  ///   - folder: Where files are kept; made if it is missing.
  ///   - key: What the result depends on: the content of the data set, and every parameter of `transform`.
  ///   - timeout: The longest wait for another process that makes the file.
  ///   - progress: Called with the number of samples that are done and that of all, from any thread.
  ///   - transform: Makes a sample of the result; called on many threads at a time.
  /// - Returns: The transformed samples, in the order of the data set.
  /// - Throws: What the data set or `transform` throws, or ``DataLoadingError`` with code `timedOut`,
  ///   `fileUnreadable` or `fileUnwritable`.
  public func map<Result: CacheableRow>(
    cachedIn folder: String, key: ContentKey, timeout: Duration = .seconds(3600),
    progress: @escaping @Sendable (_ done: Int, _ all: Int) -> Void = { _, _ in },
    _ transform: @escaping @Sendable (Element) throws -> Result
  ) throws -> CachedDataset<Result> {
    let path = "\(folder)/\(key).rows"
    if access(path, R_OK) == 0, let cached = try? CachedDataset<Result>(contentsOf: path, key: key)
    {
      return cached
    }
    try CacheFile.makeFolder(folder)
    return try CacheFile.whileLocked("\(path).lock", timeout: timeout) {
      // Somebody else may have made it meanwhile.
      if let cached = try? CachedDataset<Result>(contentsOf: path, key: key) { return cached }
      try CacheFile.write(path, key: key, rows: count) {
        try rows($0, transform)
      } progress: {
        progress($0, count)
      }
      return try CachedDataset(contentsOf: path, key: key)
    }
  }

  /// The bytes of some samples after the transformation, and where each ends.
  private func rows<Result: CacheableRow>(
    _ range: Range<Int>, _ transform: @Sendable (Element) throws -> Result
  ) throws -> CacheFile.Part {
    var part = CacheFile.Part()
    for index in range {
      try transform(self[index]).write(to: &part.bytes)
      part.ends.append(part.bytes.count)
    }
    return part
  }
}
