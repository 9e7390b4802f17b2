/// Canonical decomposition without accents: é to e, й to и, and so on.
///
/// The tables map each scalar that decomposes in Unicode 9 to its full canonical decomposition
/// without the nonspacing marks of Unicode 8. A scalar that is not in the tables maps to itself.
/// Hangul syllables are decomposed by arithmetic.
package enum AccentStripping {
  /// Calls `body` with the base scalars of `scalar`, in order.
  ///
  /// The base of a scalar without a decomposition is the scalar itself, even if it is a mark.
  package static func base(of scalar: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
    if let single = singles[scalar.value] {
      body(single)
    } else if 0xAC00...0xD7A3 ~= scalar.value {
      hangul(scalar.value - 0xAC00, body)
    } else if let several = sequences[scalar.value] {
      several.unicodeScalars.forEach(body)
    } else {
      body(scalar)
    }
  }

  /// Decomposes a Hangul syllable (The Unicode Standard, section 3.12).
  private static func hangul(_ index: UInt32, _ body: (Unicode.Scalar) -> Void) {
    let trail = index % 28
    for value in [0x1100 + index / 588, 0x1161 + index % 588 / 28, 0x11A7 + trail]
    where value != 0x11A7 {
      if let letter = Unicode.Scalar(value) { body(letter) }
    }
  }

  private static let singles: [UInt32: Unicode.Scalar] = {
    var table: [UInt32: Unicode.Scalar] = [:]
    table.reserveCapacity(2400)
    for (start, bases) in runs + compatibilityIdeographs {
      for (offset, base) in bases.unicodeScalars.enumerated() {
        table[start + UInt32(offset)] = base
      }
    }
    return table
  }()

  /// Runs of consecutive scalars: the first scalar's value, and the base of each scalar.
  private static let runs: [(start: UInt32, bases: String)] = [
    (0x00C0, "AAAAAAÆCEEEEIIIIÐNOOOOO×ØUUUUYÞßaaaaaaæceeeeiiiiðnooooo÷øuuuuyþyAaAaAaCcCcCcCc"),
    (0x010E, "DdĐđEeEeEeEeEeGgGgGgGgHhĦħIiIiIiIiIıĲĳJjKkĸLlLlLlĿŀŁłNnNnNnŉŊŋOoOoOoŒœRrRrRrSs"),
    (0x015C, "SsSsSsTtTtŦŧUuUuUuUuUuUuWwYyYZzZzZz"),
    (0x01A0, "Oo"),
    (0x01AF, "Uu"),
    (0x01CD, "AaIiOoUuUuUuUuUuǝAaAaÆæǤǥGgKkOoOoƷʒjǱǲǳGgǶǷNnAaÆæØøAaAaEeEeIiIiOoOoRrRrUuUuSsT"),
    (0x021B, "tȜȝHh"),
    (0x0226, "AaEeOoOoOoOoYy"),
    (0x0374, "ʹ"),
    (0x037E, ";"),
    (0x0385, "¨Α·ΕΗΙ\u{38B}Ο\u{38D}ΥΩι"),
    (0x03AA, "ΙΥαεηιυ"),
    (0x03CA, "ιυουωϏϐϑϒϒϒ"),
    (0x0400, "ЕЕЂГЄЅІІЈЉЊЋКИУ"),
    (0x0419, "И"),
    (0x0439, "и"),
    (0x0450, "ееђгєѕііјљњћкиу"),
    (0x0476, "Ѵѵ"),
    (0x04C1, "Жж"),
    (0x04D0, "АаАаӔӕЕеӘәӘәЖжЗзӠӡИиИиОоӨөӨөЭэУуУуУуЧчӶӷЫы"),
    (0x0622, "\u{627}\u{627}\u{648}\u{627}\u{64A}"),
    (0x06C0, "\u{6D5}\u{6C1}\u{6C1}"),
    (0x06D3, "\u{6D2}"),
    (0x0929, "\u{928}"),
    (0x0931, "\u{930}\u{932}\u{933}\u{933}"),
    (0x0958, "\u{915}\u{916}\u{917}\u{91C}\u{921}\u{922}\u{92B}\u{92F}"),
    (0x09DC, "\u{9A1}\u{9A2}\u{9DE}\u{9AF}"),
    (0x0A33, "\u{A32}\u{A34}\u{A35}\u{A38}"),
    (0x0A59, "\u{A16}\u{A17}\u{A1C}\u{A5C}\u{A5D}\u{A2B}"),
    (0x0B48, "\u{B47}"),
    (0x0B5C, "\u{B21}\u{B22}"),
    (0x0CC0, "\u{CD5}"),
    (0x0CC7, "\u{CD5}\u{CD6}\u{CC9}\u{CC2}"),
    (0x0DDA, "\u{DD9}"),
    (0x0F43, "\u{F42}"),
    (0x0F4D, "\u{F4C}\u{F4E}\u{F4F}\u{F50}\u{F51}\u{F51}\u{F53}\u{F54}\u{F55}\u{F56}\u{F56}"),
    (0x0F58, "\u{F58}\u{F59}\u{F5A}\u{F5B}\u{F5B}"),
    (0x0F69, "\u{F40}"),
    (0x1026, "\u{1025}"),
    (0x1B3B, "\u{1B35}"),
    (0x1B3D, "\u{1B35}"),
    (0x1B43, "\u{1B35}"),
    (0x1E00, "AaBbBbBbCcDdDdDdDdDdEeEeEeEeEeFfGgHhHhHhHhHhIiIiKkKkKkLlLlLlLlMmMmMmNnNnNnNnOo"),
    (0x1E4E, "OoOoOoPpPpRrRrRrRrSsSsSsSsSsTtTtTtTtUuUuUuUuUuVvVvWwWwWwWwWwXxXxYyZzZzZzhtwyẚſ"),
    (0x1E9C, "ẜẝẞẟAaAaAaAaAaAaAaAaAaAaAaAaEeEeEeEeEeEeEeEeIiIiOoOoOoOoOoOoOoOoOoOoOoOoUuUuUu"),
    (0x1EEA, "UuUuUuUuYyYyYyYy"),
    (0x1F00, "ααααααααΑΑΑΑΑΑΑΑεεεεεε\u{1F16}\u{1F17}ΕΕΕΕΕΕ\u{1F1E}\u{1F1F}ηηηηηηηηΗΗΗΗΗΗΗΗιι"),
    (0x1F32, "ιιιιιιΙΙΙΙΙΙΙΙοοοοοο\u{1F46}\u{1F47}ΟΟΟΟΟΟ\u{1F4E}\u{1F4F}υυυυυυυυ\u{1F58}Υ"),
    (0x1F5A, "\u{1F5A}Υ\u{1F5C}Υ\u{1F5E}ΥωωωωωωωωΩΩΩΩΩΩΩΩααεεηηιιοουυωω\u{1F7E}\u{1F7F}ααααα"),
    (0x1F85, "αααΑΑΑΑΑΑΑΑηηηηηηηηΗΗΗΗΗΗΗΗωωωωωωωωΩΩΩΩΩΩΩΩααααα\u{1FB5}ααΑΑΑΑΑ᾽ι᾿῀¨ηηη"),
    (0x1FC5, "\u{1FC5}ηηΕΕΗΗΗ᾿᾿᾿ιιιι\u{1FD4}\u{1FD5}ιιΙΙΙΙ\u{1FDC}῾῾῾υυυυρρυυΥΥΥΥΡ¨¨`"),
    (0x1FF0, "\u{1FF0}\u{1FF1}ωωω\u{1FF5}ωωΟΟΩΩΩ´῾\u{1FFF}\u{2002}\u{2003}"),
    (0x2126, "Ω℧ℨ℩KA"),
    (0x219A, "←→"),
    (0x21AE, "↔"),
    (0x21CD, "⇐⇔⇒"),
    (0x2204, "∃∅∆∇∈∈∊∋∋"),
    (0x2224, "∣∥∥"),
    (0x2241, "∼≂≃≃≅≆≅≈≈"),
    (0x2260, "=≡≡"),
    (0x226D, "≍<>≤≥≲≳≲≳≶≷≶≷"),
    (0x2280, "≺≻⊂⊃⊂⊃⊆⊇⊆⊇"),
    (0x22AC, "⊢⊨⊩⊫"),
    (0x22E0, "≼≽⊑⊒"),
    (0x22EA, "⊲⊳⊴⊵"),
    (0x2329, "〈〉"),
    (0x2ADC, "⫝"),
    (0x304C, "かききくくけけここささししすすせせそそたたちちっつつててとと"),
    (0x3070, "ははひひひふふふへへへほほほ"),
    (0x3094, "う"),
    (0x309E, "\u{309D}"),
    (0x30AC, "カキキククケケココササシシススセセソソタタチチッツツテテトト"),
    (0x30D0, "ハハヒヒヒフフフヘヘヘホホホ"),
    (0x30F4, "ウヵヶワヰヱヲ\u{30FB}\u{30FC}\u{30FD}\u{30FD}"),
    (0xFB1D, "\u{5D9}"),
    (0xFB1F, "\u{5F2}"),
    (0xFB2A, "\u{5E9}\u{5E9}\u{5E9}\u{5E9}\u{5D0}\u{5D0}\u{5D0}\u{5D1}\u{5D2}\u{5D3}\u{5D4}"),
    (0xFB35, "\u{5D5}\u{5D6}\u{FB37}\u{5D8}\u{5D9}\u{5DA}\u{5DB}\u{5DC}\u{FB3D}\u{5DE}"),
    (0xFB3F, "\u{FB3F}\u{5E0}\u{5E1}\u{FB42}\u{5E3}\u{5E4}\u{FB45}\u{5E6}\u{5E7}\u{5E8}"),
    (0xFB49, "\u{5E9}\u{5EA}\u{5D5}\u{5D1}\u{5DB}\u{5E4}"),
    (0x1109A, "\u{11099}\u{1109B}\u{1109B}"),
    (0x110AB, "\u{110A5}"),
    (0x114BB, "\u{114B9}"),
  ]

  /// Scalars with several base scalars.
  private static let sequences: [UInt32: String] = [
    0x09CB: "\u{9C7}\u{9BE}",
    0x09CC: "\u{9C7}\u{9D7}",
    0x0B4B: "\u{B47}\u{B3E}",
    0x0B4C: "\u{B47}\u{B57}",
    0x0B94: "\u{B92}\u{BD7}",
    0x0BCA: "\u{BC6}\u{BBE}",
    0x0BCB: "\u{BC7}\u{BBE}",
    0x0BCC: "\u{BC6}\u{BD7}",
    0x0CCB: "\u{CC2}\u{CD5}",
    0x0D4A: "\u{D46}\u{D3E}",
    0x0D4B: "\u{D47}\u{D3E}",
    0x0D4C: "\u{D46}\u{D57}",
    0x0DDC: "\u{DD9}\u{DCF}",
    0x0DDD: "\u{DD9}\u{DCF}",
    0x0DDE: "\u{DD9}\u{DDF}",
    0x1B06: "\u{1B05}\u{1B35}",
    0x1B08: "\u{1B07}\u{1B35}",
    0x1B0A: "\u{1B09}\u{1B35}",
    0x1B0C: "\u{1B0B}\u{1B35}",
    0x1B0E: "\u{1B0D}\u{1B35}",
    0x1B12: "\u{1B11}\u{1B35}",
    0x1B40: "\u{1B3E}\u{1B35}",
    0x1B41: "\u{1B3F}\u{1B35}",
    0x1134B: "\u{11347}\u{1133E}",
    0x1134C: "\u{11347}\u{11357}",
    0x114BC: "\u{114B9}\u{114B0}",
    0x114BE: "\u{114B9}\u{114BD}",
    0x115BA: "\u{115B8}\u{115AF}",
    0x115BB: "\u{115B9}\u{115AF}",
    0x1D15E: "\u{1D157}\u{1D165}",
    0x1D15F: "\u{1D158}\u{1D165}",
    0x1D160: "\u{1D158}\u{1D165}\u{1D16E}",
    0x1D161: "\u{1D158}\u{1D165}\u{1D16F}",
    0x1D162: "\u{1D158}\u{1D165}\u{1D170}",
    0x1D163: "\u{1D158}\u{1D165}\u{1D171}",
    0x1D164: "\u{1D158}\u{1D165}\u{1D172}",
    0x1D1BB: "\u{1D1B9}\u{1D165}",
    0x1D1BC: "\u{1D1BA}\u{1D165}",
    0x1D1BD: "\u{1D1B9}\u{1D165}\u{1D16E}",
    0x1D1BE: "\u{1D1BA}\u{1D165}\u{1D16E}",
    0x1D1BF: "\u{1D1B9}\u{1D165}\u{1D16F}",
    0x1D1C0: "\u{1D1BA}\u{1D165}\u{1D16F}",
  ]
}
