internal import CArrow

/// A table in Arrow or Parquet files, such as those of Hugging Face's `datasets`.
///
/// Requires Apache Arrow (`Scripts/setup-arrow`). Arrow files are memory-mapped, so a table may be larger
/// than memory. Parquet files are decoded into memory.
///
/// ```swift
/// let reviews = try ColumnTable(datasetAt: "imdb", split: "train")
/// let text = try reviews.index(ofColumn: "text")
/// print(reviews[0][text])
/// ```
public struct ColumnTable: Dataset {
  /// One row of a table.
  public struct Row: Sendable {
    fileprivate let table: ColumnTable
    fileprivate let batch: ArrowBatch
    fileprivate let index: Int

    /// The value in a column, counted from 0.
    public subscript(column: Int) -> ColumnValue {
      precondition(
        table.types.indices ~= column,
        "column \(column) is out of range 0..<\(table.columns.count)")
      return batch.value(column: column, table.types[column], row: index)
    }
  }

  /// The names of the columns.
  public let columns: [String]

  /// The number of rows.
  public var count: Int { ends.last ?? 0 }

  /// The paths of the files.
  let paths: [String]
  /// The path of the first file, or of the folder.
  let path: String

  private let types: [ArrowType]
  private let batches: [ArrowBatch]
  /// The cumulative number of rows at the end of each batch.
  private let ends: [Int]

  /// Opens Arrow files, in the stream or the file format.
  ///
  /// Validates every file in full.
  ///
  /// - Parameter paths: The files, which must have the same columns; their rows are concatenated.
  /// - Throws: ``DataLoadingError`` with code `unsupported` if Arrow is not installed or a column has an
  ///   unsupported type, `malformedFile` if a file is damaged.
  public init(arrowFiles paths: [String]) throws(DataLoadingError) {
    try self.init(paths, as: .arrow)
  }

  /// Opens Parquet files.
  ///
  /// - Parameter paths: The files, which must have the same columns; their rows are concatenated.
  /// - Throws: The errors of ``init(arrowFiles:)``.
  public init(parquetFiles paths: [String]) throws(DataLoadingError) {
    try self.init(paths, as: .parquet)
  }

  /// Creates a table without rows.
  init(emptyAt path: String) {
    self.path = path
    paths = []
    columns = []
    types = []
    batches = []
    ends = []
  }

  private init(_ paths: [String], as format: ArrowLibrary.Format) throws(DataLoadingError) {
    guard let first = paths.first else {
      throw DataLoadingError(.invalidArgument, "no files given; a table needs at least one")
    }
    path = first
    self.paths = paths
    var columns: [(name: String, type: ArrowType)] = []
    var batches: [ArrowBatch] = []
    var ends: [Int] = []
    for path in paths {
      var stream = try ArrowLibrary.open(path, as: format)
      defer { stream.release?(&stream) }
      let found = try Self.columns(&stream, path)
      if path == first { columns = found }
      guard found.map(\.name) == columns.map(\.name), found.map(\.type) == columns.map(\.type)
      else {
        throw DataLoadingError(
          .malformedFile, "the columns \(found.map(\.name)) differ from those of \(first)",
          path: path)
      }
      while let batch = try Self.next(&stream, path) {
        if batch.count == 0 { continue }
        batches.append(batch)
        ends.append((ends.last ?? 0) + batch.count)
      }
    }
    self.columns = columns.map(\.name)
    types = columns.map(\.type)
    self.batches = batches
    self.ends = ends
  }

  /// Returns the index of a column, counted from 0.
  ///
  /// - Throws: ``DataLoadingError`` with code `missingColumn`, which lists the existing columns.
  public func index(ofColumn name: String) throws(DataLoadingError) -> Int {
    if let index = columns.firstIndex(of: name) { return index }
    throw DataLoadingError(
      .missingColumn,
      "there is no column \"\(name)\"; the columns are "
        + columns.map { "\"\($0)\"" }.joined(separator: ", "), path: path)
  }

  /// The row at an index, counted from 0.
  public subscript(index: Int) -> Row {
    precondition(0..<count ~= index, "row \(index) is out of range 0..<\(count)")
    var low = 0
    var high = ends.count - 1
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= index { low = middle + 1 } else { high = middle }
    }
    return Row(table: self, batch: batches[low], index: index - (low == 0 ? 0 : ends[low - 1]))
  }

  private static func columns(
    _ stream: inout ArrowArrayStream, _ path: String
  ) throws(DataLoadingError) -> [(name: String, type: ArrowType)] {
    var schema = ArrowSchema()
    guard stream.get_schema?(&stream, &schema) == 0 else { throw failure(&stream, path) }
    defer { schema.release?(&schema) }
    var columns: [(name: String, type: ArrowType)] = []
    for index in 0..<Int(schema.n_children) {
      guard let child = schema.children?[index]?.pointee else { continue }
      let name = child.name.map { String(cString: $0) } ?? ""
      columns.append((name, try ArrowType(child, name: name, path: path)))
    }
    return columns
  }

  private static func next(
    _ stream: inout ArrowArrayStream, _ path: String
  ) throws(DataLoadingError) -> ArrowBatch? {
    var array = ArrowArray()
    guard stream.get_next?(&stream, &array) == 0 else { throw failure(&stream, path) }
    return array.release == nil ? nil : ArrowBatch(array)
  }

  private static func failure(
    _ stream: inout ArrowArrayStream, _ path: String
  ) -> DataLoadingError {
    let message = stream.get_last_error?(&stream).map { String(cString: $0) }
    return DataLoadingError(.malformedFile, message ?? "the file is damaged", path: path)
  }
}
