/// An order of texts that compares digits as numbers: `10.0.0.9` is before `10.0.0.10`.
enum NumericOrder {
  static func isBefore(_ one: String, _ other: String) -> Bool {
    let first = parts(one)
    let second = parts(other)
    for (left, right) in zip(first, second) where left != right {
      if let left = UInt64(left), let right = UInt64(right) { return left < right }
      return left < right
    }
    return first.count < second.count
  }

  private static func parts(_ text: String) -> [String] {
    text.reduce(into: []) { parts, character in
      if character.isNumber == parts.last?.last?.isNumber {
        parts[parts.count - 1].append(character)
      } else {
        parts.append(String(character))
      }
    }
  }
}
