internal import CArrow

/// A table in Arrow or Parquet files, such as those of Hugging Face's `datasets`.
///
/// Requires Apache Arrow (`Scripts/setup-arrow`). Arrow files are memory-mapped, so a table may be
/// larger than memory. Parquet files are decoded into memory.
///
/// ```swift
/// let reviews = try ColumnTable(datasetAt: "imdb", split: "train")
/// let text = try reviews.index(ofColumn: "text")
/// print(reviews[0][text])
/// ```
public struct ColumnTable: Dataset {
  /// One row of a table.
  public struct Row: Sendable {
    fileprivate let types: [ArrowType]
    fileprivate let batch: ArrowBatch
    fileprivate let index: Int

    /// The value in a column, counted from 0.
    public subscript(
      column: Int, file: StaticString = #fileID, line: UInt = #line
    ) -> ColumnValue {
      requireColumn(column, of: types.count, file: file, line: line)
      return batch.value(column: column, types[column], row: index)
    }
  }

  /// The names of the columns that are read.
  public let columns: [String]

  /// The number of rows.
  public var count: Int { selection?.count ?? ends.last ?? 0 }

  /// The paths of the files.
  private(set) var paths: [String]
  /// The path of the first file, or of the folder.
  let path: String
  /// The metadata that Hugging Face's `datasets` stores in files.
  let metadata: [Metadata]

  /// The types of the columns in each file.
  private let types: [[ArrowType]]
  private let batches: [(batch: ArrowBatch, file: Int)]
  /// The cumulative number of rows at the end of each batch.
  private let ends: [Int]
  /// The rows of the files that form the table, in order; `nil` for all.
  private var selection: [Int]?

  /// The metadata `huggingface` of a file.
  struct Metadata: Hashable {
    var path: String
    var huggingFace: String
  }

  /// Opens Arrow files, in the stream or the file format.
  ///
  /// Validates the columns in full.
  ///
  /// - Parameters:
  ///   - paths: The files; their rows are concatenated and their columns are matched by name. A
  ///     column may have different types of one kind, such as `int32` and `int64`, or `string` and
  ///     `large_string`.
  ///   - columns: The columns to read, in the order of ``columns``; `nil` for those of the first
  ///     file. Other columns may be of any type.
  /// - Throws: ``DataLoadingError`` with code `unsupported` if Arrow is not installed or a column
  ///   has an unsupported type or a decimal without an exact 64-bit value, `missingColumn` if a
  ///   file lacks a column, `ambiguous` if a file has two columns of that name, `malformedFile` if
  ///   a file is damaged or the types of a column do not match.
  public init(
    arrowFiles paths: [String], columns: [String]? = nil
  ) throws(DataLoadingError) {
    try self.init(paths, as: .arrow, columns)
  }

  /// Opens Parquet files.
  ///
  /// - Parameters:
  ///   - paths: The files; their rows are concatenated, as by ``init(arrowFiles:columns:)``.
  ///   - columns: The columns to read; `nil` for those of the first file.
  /// - Throws: The errors of ``init(arrowFiles:columns:)``.
  public init(
    parquetFiles paths: [String], columns: [String]? = nil
  ) throws(DataLoadingError) {
    try self.init(paths, as: .parquet, columns)
  }

  /// Creates a table without rows.
  init(emptyAt path: String) {
    self.path = path
    paths = []
    columns = []
    types = []
    batches = []
    ends = []
    metadata = []
  }

  private init(
    _ paths: [String], as format: ArrowLibrary.Format, _ requested: [String]?
  ) throws(DataLoadingError) {
    guard let first = paths.first else {
      throw DataLoadingError(.invalidArgument, "no files given; a table needs at least one")
    }
    if let requested, requested.isEmpty || Set(requested).count != requested.count {
      throw DataLoadingError(
        .invalidArgument, "the requested columns must be distinct, and at least one", path: first)
    }
    var columns: [String] = []
    var types: [[ArrowType]] = []
    var batches: [(batch: ArrowBatch, file: Int)] = []
    var ends: [Int] = []
    var metadata: [Metadata] = []
    for (file, path) in paths.enumerated() {
      var schema = try ArrowLibrary.schema(path, as: format)
      defer { schema.release?(&schema) }
      let table = ArrowTableSchema(schema, path: path)
      if file == 0 { columns = requested ?? table.columns }
      if requested == nil { try table.checkSameColumns(columns, first) }
      let fields = try table.fields(of: columns)
      let found = try table.types(of: fields)
      if let text = table.huggingFace { metadata.append(Metadata(path: path, huggingFace: text)) }
      for (column, type) in found.enumerated() {
        guard let other = types.firstIndex(where: { !$0[column].kind.matches(type.kind) }) else {
          continue
        }
        throw DataLoadingError(
          .malformedFile,
          "the column \(MessageText.quoted(columns[column])) has the type \(type), but "
            + "\(types[other][column]) in \(paths[other]); write all files with the same types",
          path: path,
          column: columns[column])
      }
      types.append(found)
      guard !fields.isEmpty else { continue }
      var stream = try ArrowLibrary.open(path, as: format, columns: fields.sorted().map(Int32.init))
      defer { stream.release?(&stream) }
      // The stream has the columns in the order of the file.
      let positions = fields.map { field in fields.filter { $0 < field }.count }
      var row = 0
      while let batch = try Self.next(&stream, path, positions) {
        if batch.count == 0 { continue }
        try Self.checkExactness(batch, columns, found, path, firstRow: row)
        row += batch.count
        batches.append((batch, file))
        ends.append((ends.last ?? 0) + batch.count)
      }
    }
    path = first
    self.paths = paths
    self.columns = columns
    self.types = types
    self.batches = batches
    self.ends = ends
    self.metadata = metadata
  }

  /// Returns the table of the chosen rows of this table, in the given order.
  ///
  /// `paths` are the files that store the selection. Throws ``DataLoadingError`` with code
  /// `malformedFile` if a row does not exist.
  func selecting(_ rows: [Int], storedIn paths: [String]) throws(DataLoadingError) -> ColumnTable {
    if let index = rows.firstIndex(where: { !(0..<count ~= $0) }) {
      throw DataLoadingError(
        .malformedFile,
        "the selection names row \(rows[index]), but there are \(count) rows; save the data set "
          + "again "
          + "(flatten_indices)", path: paths.first ?? path, row: index)
    }
    var table = self
    table.selection = rows
    table.paths += paths
    return table
  }

  /// Returns the file of a row and its index in that file, for error messages.
  func location(of row: Int) -> RowLocation {
    let row = selection?[row] ?? row
    let batch = batchIndex(of: row)
    let file = batches[batch].file
    let first = batches.firstIndex { $0.file == file } ?? 0
    return RowLocation(
      path: paths[file], row: row - (first == 0 ? 0 : ends[first - 1]))
  }

  /// Returns the index of a column, counted from 0.
  ///
  /// - Throws: ``DataLoadingError`` with code `missingColumn`, which lists the existing columns.
  public func index(ofColumn name: String) throws(DataLoadingError) -> Int {
    if let index = columns.firstIndex(of: name) { return index }
    throw DataLoadingError(
      .missingColumn,
      "there is no column \(MessageText.quoted(name)); the columns are "
        + "\(MessageText.list(columns))",
      path: path, column: name)
  }

  /// The row at an index, counted from 0.
  public subscript(index: Int) -> Row {
    requireIndex(index)
    let row = selection?[index] ?? index
    let batch = batchIndex(of: row)
    return Row(
      types: types[batches[batch].file], batch: batches[batch].batch,
      index: row - (batch == 0 ? 0 : ends[batch - 1]))
  }

  /// Returns the batch that contains a row of the files.
  private func batchIndex(of row: Int) -> Int {
    var low = 0
    var high = ends.count - 1
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] <= row { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func next(
    _ stream: inout ArrowArrayStream, _ path: String, _ positions: [Int]
  ) throws(DataLoadingError) -> ArrowBatch? {
    var array = ArrowArray()
    guard stream.get_next?(&stream, &array) == 0 else {
      let reason = ArrowLibrary.reason(stream.get_last_error?(&stream))
      throw DataLoadingError(
        .malformedFile, "\(reason); the file is damaged or incomplete, copy it again", path: path)
    }
    return array.release == nil ? nil : ArrowBatch(array, positions: positions)
  }

  /// Checks that all values have an exact ``ColumnValue``.
  private static func checkExactness(
    _ batch: ArrowBatch, _ columns: [String], _ types: [ArrowType], _ path: String, firstRow: Int
  ) throws(DataLoadingError) {
    for (column, type) in types.enumerated() where type.mayBeInexact {
      for row in 0..<batch.count where batch.exactValue(column: column, type, row: row) == nil {
        let digits = batch.decimalText(column: column, type, row: row)
        let decimal = digits.map { "the decimal \($0)" } ?? "a decimal"
        throw DataLoadingError(
          .unsupported,
          "\(decimal) in column \(MessageText.quoted(columns[column])) of type \(type) "
            + "has no exact 64-bit value; convert the column to float64 or to text",
          path: path, row: firstRow + row, column: columns[column])
      }
    }
  }
}
