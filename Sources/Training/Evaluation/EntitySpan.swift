/// An entity in a sequence of tags such as `B-PER`, `I-PER` and `O`.
public struct EntitySpan: Sendable, Hashable {
  /// The type, such as `PER`.
  public var type: String
  /// The tokens of the entity.
  public var tokens: Range<Int>

  /// Creates a span.
  public init(type: String, tokens: Range<Int>) {
    self.type = type
    self.tokens = tokens
  }

  /// Returns the entities of a sequence of tags in the IOB2 scheme, in order.
  ///
  /// Like seqeval in its default mode, an `I-` tag that does not continue an entity of its type
  /// starts one. Any tag without the prefix `B-` or `I-` is outside of entities.
  public static func spans(in tags: [String]) -> [EntitySpan] {
    var spans: [EntitySpan] = []
    for (index, tag) in tags.enumerated() {
      guard tag.hasPrefix("B-") || tag.hasPrefix("I-") else { continue }
      let type = String(tag.dropFirst(2))
      if tag.hasPrefix("I-"), let last = spans.last, last.type == type,
        last.tokens.upperBound == index
      {
        spans[spans.count - 1].tokens = last.tokens.lowerBound..<index + 1
      } else {
        spans.append(EntitySpan(type: type, tokens: index..<index + 1))
      }
    }
    return spans
  }
}
