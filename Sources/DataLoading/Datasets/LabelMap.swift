/// The classes of a classification task: a mapping between label names and class indices.
public struct LabelMap: Sendable, Hashable {
  /// The label names; the position of a name is its class index.
  public let names: [String]

  private let ids: [String: Int]

  /// Creates a map in which the position of a name is its class index.
  ///
  /// - Throws: ``DataLoadingError`` with code `invalidArgument` if `names` is empty or has
  ///   duplicates.
  public init(_ names: [String]) throws(DataLoadingError) {
    var ids: [String: Int] = [:]
    for (id, name) in names.enumerated() where ids.updateValue(id, forKey: name) != nil {
      throw DataLoadingError(
        .invalidArgument,
        "the label \(MessageText.quoted(name)) is given twice; name each class once")
    }
    guard !names.isEmpty else {
      throw DataLoadingError(.invalidArgument, "no labels given; name each class")
    }
    self.names = names
    self.ids = ids
  }

  /// Returns the class index of a name, or `nil` if it is not a label.
  public func id(of name: String) -> Int? { ids[name] }
}
