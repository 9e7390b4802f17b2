/// The classes of a classification job: label names and the numbers that a model counts them by.
public struct LabelMap: Sendable, Hashable {
  /// The names; a name's place is its number.
  public let names: [String]

  private let ids: [String: Int]

  /// Creates a map of names, whose numbers are their places.
  ///
  /// - Throws: ``DataLoadingError`` with code `invalidArgument` if there is no name, or one twice.
  public init(_ names: [String]) throws(DataLoadingError) {
    var ids: [String: Int] = [:]
    for (id, name) in names.enumerated() where ids.updateValue(id, forKey: name) != nil {
      throw DataLoadingError(.invalidArgument, "the label \"\(name)\" is given twice")
    }
    guard !names.isEmpty else {
      throw DataLoadingError(.invalidArgument, "no labels given; name each class")
    }
    self.names = names
    self.ids = ids
  }

  /// Returns the number of a name, or `nil` if it is none of the labels.
  public func id(of name: String) -> Int? { ids[name] }
}
