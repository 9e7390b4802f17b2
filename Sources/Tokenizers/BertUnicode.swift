/// The Unicode properties that Hugging Face's tokenizers see.
///
/// Token ids depend on them, so they are pinned to the versions that the Rust crates behind
/// `tokenizers` 0.23 carry, whatever version the Swift standard library has: general categories are
/// those of Unicode 8 (`unicode_categories`), combining classes and decompositions those of Unicode
/// 9 (`unicode-normalization-alignments`), lowercase letters those of Unicode 17 (Rust's standard
/// library). A scalar younger than that has no property there. The few scalars whose category has
/// changed since Unicode 8 are named one by one. Checked over every scalar from 0 to 10FFFF.
enum BertUnicode {
  private static func isKnown(_ scalar: Unicode.Scalar, in major: Int) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major <= major
  }

  private static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
    switch scalar.value {
    case 0x1734, 0x1171E: .nonspacingMark  // spacing marks today
    case 0x166D, 0x111C9: .otherPunctuation  // a symbol and a nonspacing mark today
    case 0xA9BD: .spacingMark  // a nonspacing mark today
    case 0x1885, 0x1886: .otherLetter  // nonspacing marks today
    default: isKnown(scalar, in: 8) ? scalar.properties.generalCategory : .unassigned
    }
  }

  /// True for what `cleanText` drops: NUL, U+FFFD, controls other than tab and line ends, format
  /// characters such as zero-width joiners, and private use; unassigned scalars stay.
  static func isDroppedByCleaning(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A, 0x0D: false
    case 0xFFFD: true
    default:
      switch category(scalar) {
      case .control, .format, .privateUse: true
      default: false
      }
    }
  }

  /// True for white space as Unicode's property `White_Space` says, U+0085 included.
  static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace
  }

  /// True for Unicode punctuation and for all ASCII that is neither letter, digit nor space.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default:
      switch category(scalar) {
      case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation:
        true
      default: false
      }
    }
  }

  /// True for the blocks of Chinese characters that BERT takes one by one.
  ///
  /// Hugging Face's third range starts at 2B920 where the original BERT has 2B820.
  static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  /// True for the accents that `stripAccents` drops.
  static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
    category(scalar) == .nonspacingMark
  }

  /// The canonical combining class: 0 for a starter.
  static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
    isKnown(scalar, in: 9) ? scalar.properties.canonicalCombiningClass.rawValue : 0
  }

  /// The small letter or letters of one scalar, without regard to its neighbours.
  static func lowercase(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    guard scalar.properties.changesWhenLowercased, isKnown(scalar, in: 17) else {
      return String(scalar).unicodeScalars
    }
    return scalar.properties.lowercaseMapping.unicodeScalars
  }
}
