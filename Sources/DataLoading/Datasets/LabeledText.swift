/// A text and its class.
public struct LabeledText: Sendable, Hashable {
  /// The text.
  public var text: String
  /// The index of the class.
  public var label: Int

  /// Creates a sample.
  public init(text: String, label: Int) {
    self.text = text
    self.label = label
  }
}
