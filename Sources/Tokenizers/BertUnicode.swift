/// The Unicode properties that Hugging Face's tokenizers use.
///
/// Token ids depend on them. They are therefore pinned to the Unicode versions of the Rust crates
/// that `tokenizers` 0.23 uses, whatever version the Swift standard library has: general categories
/// of Unicode 8 (`unicode_categories`), combining classes and decompositions of Unicode 9
/// (`unicode-normalization-alignments`), lowercase mappings of Unicode 17 (Rust's standard
/// library). A scalar that was assigned later has no properties there. The few scalars whose
/// category has changed since Unicode 8 are listed. Checked for every scalar from 0 to 10FFFF.
package enum BertUnicode {
  private static func isKnown(_ scalar: Unicode.Scalar, in major: Int) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major <= major
  }

  private static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
    switch scalar.value {
    case 0x1734, 0x1171E: .nonspacingMark  // spacing marks in current Unicode
    case 0x166D, 0x111C9: .otherPunctuation  // a symbol and a nonspacing mark in current Unicode
    case 0xA9BD: .spacingMark  // a nonspacing mark in current Unicode
    case 0x1885, 0x1886: .otherLetter  // nonspacing marks in current Unicode
    default: isKnown(scalar, in: 8) ? scalar.properties.generalCategory : .unassigned
    }
  }

  /// Whether `cleanText` drops a scalar: NUL, U+FFFD, controls other than tab and line ends, format
  /// characters such as zero-width joiners, and private use; unassigned scalars are not dropped.
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

  /// Whether a scalar has Unicode's property `White_Space`; U+0085 has it.
  static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace
  }

  /// Whether a scalar is Unicode punctuation, or ASCII other than letters, digits and space.
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

  /// Whether a scalar is in the blocks of Chinese characters that BERT splits one by one.
  ///
  /// Hugging Face's third range starts at 2B920; the original BERT has 2B820.
  static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  /// Whether `stripAccents` drops a scalar.
  package static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
    category(scalar) == .nonspacingMark
  }

  /// The canonical combining class: 0 for a starter.
  static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
    isKnown(scalar, in: 9) ? scalar.properties.canonicalCombiningClass.rawValue : 0
  }

  /// The lowercase mapping of one scalar, without context.
  static func lowercase(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    guard scalar.properties.changesWhenLowercased, isKnown(scalar, in: 17) else {
      return String(scalar).unicodeScalars
    }
    return scalar.properties.lowercaseMapping.unicodeScalars
  }
}
