import FoundationEssentials
import Support

/// The class names that a data set's metadata declare for a column.
///
/// Reads the `features` of Hugging Face's `datasets`: `{"label": {"names": ["neg", "pos"], "_type":
/// "ClassLabel"}}`, in `dataset_info.json`, `dataset_infos.json` or the metadata `huggingface` of
/// Arrow and Parquet files. The card `README.md` declares them in YAML.
struct ClassDeclaration: Sendable, Hashable {
  /// The class names; the position of a name is the index that the files store.
  let names: [String]
  /// The column of the labels.
  let column: String
  /// The file that declares the names.
  let path: String

  init(names: [String], column: String, path: String) {
    self.names = names
    self.column = column
    self.path = path
  }

  /// Reads the declaration in a JSON document; `nil` if it declares no classes for the column.
  ///
  /// - Throws: ``DataLoadingError`` with code `malformedFile` if the document is not JSON or the
  ///   names are not distinct strings, `ambiguous` if its configurations declare different names.
  init?(
    json: some Collection<UInt8>, column: String, path: String
  ) throws(DataLoadingError) {
    func malformed(_ what: String, _ cause: (any Error)? = nil) -> DataLoadingError {
      DataLoadingError(.malformedFile, what, path: path, column: column, cause: cause)
    }
    let document: JSONValue
    do {
      document = try JSONDecoder().decode(JSONValue.self, from: Data(json))
    } catch {
      throw malformed("the metadata are not JSON; correct or delete them", error)
    }
    var found: [JSONValue] = []
    Self.collect(document, column, depth: 3, into: &found)
    guard let first = found.first else { return nil }
    guard found.allSatisfy({ $0 == first }) else {
      throw DataLoadingError(
        .ambiguous,
        "several configurations declare different classes for the column "
          + "\(MessageText.quoted(column)); keep one configuration in the file", path: path,
        column: column)
    }
    guard case .array(let elements) = first else { return nil }
    var names: [String] = []
    for element in elements {
      guard case .string(let name) = element, !names.contains(name) else {
        throw malformed(
          "the class names of the column \(MessageText.quoted(column)) must be distinct strings; "
            + "correct the metadata")
      }
      names.append(name)
    }
    guard !names.isEmpty else { return nil }
    self.names = names
    self.column = column
    self.path = path
  }

  /// Collects the names in `features`, which may be below `info` or the name of a configuration.
  private static func collect(
    _ value: JSONValue, _ column: String, depth: Int, into found: inout [JSONValue]
  ) {
    guard case .object(let members) = value else { return }
    if case .object(let features) = members["features"] {
      if case .object(let feature) = features[column], case .string("ClassLabel") = feature["_type"]
      {
        if let names = feature["names"], names != .null { found.append(names) }
      }
      return
    }
    guard depth > 0 else { return }
    for key in members.keys.sorted() {
      if let member = members[key] { collect(member, column, depth: depth - 1, into: &found) }
    }
  }

  /// Returns the common declaration of several files.
  ///
  /// - Throws: ``DataLoadingError`` with code `ambiguous` if two declare different names.
  static func common(_ declarations: [ClassDeclaration]) throws(DataLoadingError) -> Self? {
    guard let first = declarations.first else { return nil }
    if let other = declarations.first(where: { $0.names != first.names }) {
      throw DataLoadingError(
        .ambiguous,
        "the metadata declare the classes \(MessageText.list(other.names)), but \(first.path) "
          + "declares \(MessageText.list(first.names)); correct or remove one of them",
        path: other.path, column: other.column)
    }
    return first
  }
}
