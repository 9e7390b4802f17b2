/// Resolves the labels of a data set to the indices of the requested classes.
///
/// A label is a class name, or the index of a class as a whole number (`1`, `1.0`) or Boolean
/// (`false` is 0, `true` is 1). If a class is itself named by a whole number, such as `"1"` to
/// `"5"`, numbers are names only. If the data set declares class names, an index refers to the
/// declared names.
struct ClassLabels: Sendable {
  /// The requested classes.
  let names: LabelMap
  /// The class names that the data set declares, if any.
  let declaration: ClassDeclaration?

  private let hasNumericNames: Bool

  /// - Throws: ``DataLoadingError`` with code `invalidArgument` if `names` is empty or has
  ///   duplicates, or `unknownLabel` if the data set declares other classes.
  init(_ names: [String], declaration: ClassDeclaration? = nil) throws(DataLoadingError) {
    self.names = try LabelMap(names)
    self.declaration = declaration
    hasNumericNames = names.contains { Int($0) != nil }
    guard let declaration, names.contains(where: { !declaration.names.contains($0) }) else {
      return
    }
    throw DataLoadingError(
      .unknownLabel,
      "the metadata declares the classes \(MessageText.list(declaration.names)), but the requested "
        + "classes are \(MessageText.list(names)); request the declared names, or rename the "
        + "classes "
        + "in the metadata", path: declaration.path, column: declaration.column)
  }

  /// Returns the class index of a label.
  func id(
    of label: LabelValue, column: String, at location: @autoclosure () -> RowLocation
  ) throws(DataLoadingError) -> Int {
    if let id = resolved(label) { return id }
    let known = names.names.indices.prefix(12).map { index in
      MessageText.quoted(names.names[index])
        + (hasNumericNames || declaration != nil ? "" : " (\(index))")
    }
    let more = names.names.count > 12 ? ", … (\(names.names.count) classes)" : ""
    let location = location()
    throw DataLoadingError(
      .unknownLabel,
      "the label \(label.excerpt)\(declared(label)) in column \(MessageText.quoted(column)) is "
        + "none of "
        + "\(known.joined(separator: ", "))\(more); \(remedy(label))",
      path: location.path, line: location.line, row: location.row, column: column)
  }

  private func resolved(_ label: LabelValue) -> Int? {
    if case .text(let name) = label, let id = names.id(of: name) { return id }
    if let declaration {
      return label.index.flatMap { declaration.names.indices ~= $0 ? $0 : nil }
        .flatMap { names.id(of: declaration.names[$0]) }
    }
    if hasNumericNames {
      if case .boolean = label { return nil }
      return label.index.flatMap { names.id(of: "\($0)") }
    }
    return label.index.flatMap { names.names.indices ~= $0 ? $0 : nil }
  }

  /// The declared name of an index, as part of a message.
  private func declared(_ label: LabelValue) -> String {
    guard let declaration, let index = label.index, declaration.names.indices ~= index else {
      return ""
    }
    return ", declared as \(MessageText.quoted(declaration.names[index])),"
  }

  private func remedy(_ label: LabelValue) -> String {
    switch label {
    case .null, .text(""): return "label the row or remove it"
    case .integer(-1), .text("-1"), .real(-1, _):
      return "-1 marks a row without a label: use a split that has labels, or remove the row"
    case .real: return "write the index or the name of a class"
    case .other: return "store one name or index for each row"
    case .text(let text):
      let trimmed = text.trimmingSpaces
      if trimmed != text, resolved(.text(trimmed)) != nil {
        return "remove the spaces around the label"
      }
      if let name = names.names.first(where: { $0.lowercased() == trimmed.lowercased() }) {
        return "write \(MessageText.quoted(name)); upper and lower case differ"
      }
      return "correct the label, or request the classes that the file uses"
    default: return "correct the label, or request all classes"
    }
  }
}
