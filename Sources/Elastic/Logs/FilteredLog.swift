/// A log of the workers' lines that contain any of the given texts.
struct FilteredLog {
  let file: LogFile
  let filters: [[UInt8]]

  init(file: LogFile, filters: [String]) {
    self.file = file
    self.filters = filters.map { Array($0.utf8) }
  }

  /// Writes the line if it contains any of the texts.
  func append(line: ArraySlice<UInt8>, prefix: [UInt8]) {
    guard filters.contains(where: { line.contains($0) }) else { return }
    file.append(prefix + line + [.newline])
  }
}
