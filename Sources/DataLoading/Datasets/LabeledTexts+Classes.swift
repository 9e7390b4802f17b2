extension LabeledTexts {
  /// The names of the classes; the position of a name is the index of its label.
  public var classes: [String] { labels.names.names }

  /// Opens the texts of one split with the classes that the data set declares.
  ///
  /// If the metadata declare class names, but not all of `defaultClasses`, the classes are the
  /// declared ones in their order. Otherwise they are `defaultClasses`, even if the metadata
  /// declare these names in another order or among others.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - split: The split, such as `train`.
  ///   - defaultClasses: The names of the classes if none are declared, in index order.
  /// - Throws: The errors of ``init(at:split:classes:)``.
  public init(
    at folder: String, split: String, defaultClasses: [String]
  ) throws(DataLoadingError) {
    try self.init(at: folder, split: split, classes: defaultClasses, usesDeclaration: true)
  }
}
