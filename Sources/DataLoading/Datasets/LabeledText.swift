/// A text and the class that it belongs to.
public struct LabeledText: Sendable, Hashable {
  /// The text.
  public var text: String
  /// The number of the class.
  public var label: Int

  /// Creates a sample.
  public init(text: String, label: Int) {
    (self.text, self.label) = (text, label)
  }
}
