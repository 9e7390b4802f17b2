import Glibc

extension Dataset {
  /// Returns the data set with each sample transformed on all cores and cached in a file.
  ///
  /// If a file for `key` exists, it is memory-mapped and nothing is transformed. Otherwise the
  /// first process writes it while the others wait; if that process dies, the next one takes over.
  /// So all ranks on a host can call this. The file is complete or does not exist.
  ///
  /// - Parameters:
  ///   - folder: The folder of the cache files; created if it is missing.
  ///   - key: The key of the result. Must include the content of the data set and every parameter
  ///     of `transform`.
  ///   - timeout: The maximum wait for another process that is writing the file.
  ///   - progress: Called on any thread with the number of completed samples and the total number.
  ///   - transform: Transforms one sample; called on several threads concurrently.
  /// - Returns: The transformed samples, in the order of the data set.
  /// - Throws: Errors of the data set and of `transform`, or ``DataLoadingError`` with code
  ///   `timedOut`, `fileUnreadable` or `fileUnwritable`.
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
    try CacheFile.createFolder(folder)
    return try CacheFile.withLock("\(path).lock", timeout: timeout) {
      // Another process may have written it while this one waited for the lock.
      if let cached = try? CachedDataset<Result>(contentsOf: path, key: key) { return cached }
      try CacheFile.write(path, key: key, rows: count) {
        try rows($0, transform)
      } progress: {
        progress($0, count)
      }
      return try CachedDataset(contentsOf: path, key: key)
    }
  }

  /// Transforms a range of samples and serializes the results.
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
