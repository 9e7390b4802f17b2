internal import Support

extension Dataset {
  /// Stops the process with a message if there is no sample at an index.
  ///
  /// For subscripts that cannot throw. A ``DataLoader`` checks all indices before it reads one.
  func requireIndex(_ index: Int) {
    require(0..<count ~= index, message(index), file: #fileID, line: #line)
  }

  /// Checks that there is a sample at an index.
  ///
  /// - Throws: ``DataLoadingError`` with code `invalidArgument`.
  func checkIndex(_ index: Int) throws(DataLoadingError) {
    guard 0..<count ~= index else { throw DataLoadingError(.invalidArgument, message(index)) }
  }

  private func message(_ index: Int) -> String {
    "sample \(index) is out of range: the data set has \(count) samples, counted from 0"
  }
}

/// Stops the process with a message if a table has no column at an index.
func requireColumn(_ column: Int, of count: Int, file: StaticString, line: UInt) {
  require(
    0..<count ~= column,
    "column \(column) is out of range: the table has \(count) columns, counted from 0",
    file: file, line: line)
}
