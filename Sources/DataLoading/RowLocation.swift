/// A row of a file, for error messages.
struct RowLocation {
  var path: String
  /// The line, counted from 1, in a text file.
  var line: Int?
  /// The row, counted from 0, in a binary file.
  var row: Int?
}
