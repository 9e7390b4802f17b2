/// A log of the lines of all workers that contain one of some texts.
struct FilteredLog {
  let file: LogFile
  let filters: [[UInt8]]

  init(file: LogFile, filters: [String]) {
    self.file = file
    self.filters = filters.map { Array($0.utf8) }
  }

  /// Keeps a line if it contains one of the texts.
  func append(line: ArraySlice<UInt8>, prefix: [UInt8]) {
    guard filters.contains(where: { line.contains($0) }) else { return }
    file.append(prefix + line + [.newline])
  }
}
