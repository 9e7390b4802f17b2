internal import CArrow

/// The columns and the metadata of an Arrow or Parquet file.
///
/// Does not own the Arrow schema, which must outlive this value.
struct ArrowTableSchema {
  /// The names of all columns.
  let columns: [String]

  private let schema: ArrowSchema
  private let path: String

  init(_ schema: ArrowSchema, path: String) {
    self.schema = schema
    self.path = path
    columns = (0..<Int(schema.n_children)).map { index in
      schema.children?[index]?.pointee.name.map { String(cString: $0) } ?? ""
    }
  }

  /// Returns the indices of columns.
  ///
  /// - Throws: ``DataLoadingError`` with code `missingColumn` or `ambiguous`.
  func fields(of names: [String]) throws(DataLoadingError) -> [Int] {
    var fields: [Int] = []
    for name in names {
      let found = columns.indices.filter { columns[$0] == name }
      guard let field = found.first else {
        let similar = columns.first { $0.trimmingSpaces.lowercased() == name.lowercased() }
        throw DataLoadingError(
          .missingColumn,
          "there is no column \(MessageText.quoted(name)); the columns are "
            + "\(MessageText.list(columns)); rename "
            + (similar.map { MessageText.quoted($0) } ?? "the matching column"), path: path,
          column: name)
      }
      guard found.count == 1 else {
        throw DataLoadingError(
          .ambiguous,
          "\(found.count) columns are named \(MessageText.quoted(name)); rename all but one",
          path: path,
          column: name)
      }
      fields.append(field)
    }
    return fields
  }

  /// Returns the types of columns.
  ///
  /// - Throws: ``DataLoadingError`` with code `unsupported`.
  func types(of fields: [Int]) throws(DataLoadingError) -> [ArrowType] {
    var types: [ArrowType] = []
    for field in fields {
      guard let child = schema.children?[field]?.pointee else { continue }
      types.append(try ArrowType(child, name: columns[field], path: path))
    }
    return types
  }

  /// Checks that the file has the same columns as another, in any order.
  ///
  /// - Throws: ``DataLoadingError`` with code `missingColumn`.
  func checkSameColumns(_ others: [String], _ otherPath: String) throws(DataLoadingError) {
    _ = try fields(of: others)
    guard let extra = columns.first(where: { !others.contains($0) }) else { return }
    throw DataLoadingError(
      .missingColumn,
      "the column \(MessageText.quoted(extra)) is not in \(otherPath); choose the columns to "
        + "read, or "
        + "write all files with the same columns", path: path, column: extra)
  }

  /// The metadata that Hugging Face's `datasets` stores.
  var huggingFace: String? {
    // The metadata consist of the number of pairs, and for each pair the key's length and bytes and
    // the value's length and bytes. Numbers and lengths are 32-bit integers.
    guard var next = schema.metadata.map({ UnsafeRawPointer($0) }) else { return nil }
    func number() -> Int {
      defer { next += 4 }
      return Int(next.loadUnaligned(as: Int32.self))
    }
    func text() -> String {
      let count = number()
      defer { next += count }
      return String(decoding: UnsafeRawBufferPointer(start: next, count: count), as: UTF8.self)
    }
    for _ in 0..<number() {
      let key = text()
      let value = text()
      if key == "huggingface" { return value }
    }
    return nil
  }
}
