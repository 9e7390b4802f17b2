extension ClassDeclaration {
  /// Reads the declaration in the YAML block of a data set card; `nil` if it declares no classes.
  ///
  /// Reads the form that `datasets` writes, in which each name is on its own line:
  ///
  /// ```yaml
  /// ---
  /// dataset_info:
  ///   features:
  ///   - name: label
  ///     dtype:
  ///       class_label:
  ///         names:
  ///           '0': neg
  ///           '1': pos
  /// ---
  /// ```
  ///
  /// - Throws: ``DataLoadingError`` with code `malformedFile` if the names are not numbered from 0
  ///   or not distinct, `ambiguous` if configurations declare different names.
  init?(card text: String, column: String, path: String) throws(DataLoadingError) {
    var lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }[...]
    guard lines.popFirst()?.trimmingSpaces == "---" else { return nil }
    var found: [ClassDeclaration] = []
    // The feature that the line belongs to.
    var feature: (name: String, indentation: Int)?
    var names: [String]?
    var namesIndentation = 0
    func malformed(_ what: String) -> DataLoadingError {
      DataLoadingError(
        .malformedFile, "the class names of the column \(MessageText.quoted(column)) \(what)",
        path: path,
        column: column)
    }
    func finish() throws(DataLoadingError) {
      guard let list = names else { return }
      names = nil
      guard !list.isEmpty, Set(list).count == list.count else {
        throw malformed("must be distinct strings; correct the metadata")
      }
      found.append(ClassDeclaration(names: list, column: column, path: path))
    }
    for line in lines {
      let content = line.trimmingSpaces
      if content == "---" || content == "..." { break }
      if content.isEmpty || content.hasPrefix("#") { continue }
      let indentation = line.prefix { $0 == " " }.count
      if names != nil {
        if indentation > namesIndentation, content.hasPrefix("- ") {
          names?.append(Self.unquoted(content.dropFirst(2)))
          continue
        }
        if indentation > namesIndentation, let entry = Self.entry(content) {
          guard Int(entry.key) == names?.count else {
            throw malformed("are not numbered from 0; correct the metadata")
          }
          names?.append(entry.value)
          continue
        }
        try finish()
      }
      if content.hasPrefix("- name:") {
        feature = (Self.unquoted(content.dropFirst(7)), indentation)
      } else if let current = feature, indentation < current.indentation {
        feature = nil
      } else if content.hasPrefix("names:"), feature?.name == column {
        guard content == "names:" else {
          throw malformed(
            "must be on their own lines, as datasets writes them; correct the metadata")
        }
        names = []
        namesIndentation = indentation
      }
    }
    try finish()
    guard let common = try Self.common(found) else { return nil }
    self = common
  }

  /// Splits a line such as `'0': neg`.
  private static func entry(_ line: String) -> (key: String, value: String)? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    return (unquoted(line[..<colon]), unquoted(line[line.index(after: colon)...]))
  }

  /// Returns a YAML scalar without its quotes.
  private static func unquoted(_ text: some StringProtocol) -> String {
    let text = text.trimmingSpaces
    guard text.utf8.count >= 2, let quote = text.first, quote == text.last, "'\"".contains(quote)
    else { return text }
    return String(text.dropFirst().dropLast()).replacing("\(quote)\(quote)", with: "\(quote)")
  }
}
