/// Sorts runs of combining marks into canonical order while they are appended to a text.
///
/// Decomposition sorts each run of marks by combining class, and the sort is stable (The Unicode
/// Standard, section 3.11). Dropped accents are not sorted, but an accent of class 0 ends a run.
/// Only the few marks that are not dropped are sorted, such as the tone marks of Hangul.
struct CombiningMarks {
  private var run: [(class: UInt8, start: Int)] = []
  private var end = -1

  /// Whether a scalar affects the order of marks: a mark that is not dropped, or that ends a run.
  static func affectsOrder(_ scalar: Unicode.Scalar) -> Bool {
    BertUnicode.isNonspacingMark(scalar)
      ? endsRun(scalar) : BertUnicode.combiningClass(scalar) != 0
  }

  /// Records a mark that is not appended to the text.
  mutating func drop(_ mark: Unicode.Scalar) {
    if Self.endsRun(mark) { end = -1 }
  }

  /// Appends the normalized scalars of a mark, sorted by class among the preceding marks.
  mutating func append(
    _ scalars: String.UnicodeScalarView, class combiningClass: UInt8, to output: inout [UInt8]
  ) {
    guard combiningClass != 0 else {
      for scalar in scalars { output.append(scalar: scalar.value) }
      return
    }
    if end != output.count { run = [] }
    let position = run.firstIndex { $0.class > combiningClass } ?? run.count
    let start = position < run.count ? run[position].start : output.count
    var bytes: [UInt8] = []
    for scalar in scalars { bytes.append(scalar: scalar.value) }
    output.insert(contentsOf: bytes, at: start)
    run.insert((combiningClass, start), at: position)
    for later in run.indices.dropFirst(position + 1) { run[later].start += bytes.count }
    end = output.count
  }

  /// Whether a mark ends a run: its class is 0.
  private static func endsRun(_ mark: Unicode.Scalar) -> Bool { sortedClass(mark) == 0 }

  /// The class by which a mark is sorted: its combining class, except for three Tibetan vowels that
  /// decompose into marks of class 129 and others.
  static func sortedClass(_ mark: Unicode.Scalar) -> UInt8 {
    switch mark.value {
    case 0x0F73, 0x0F75, 0x0F81: 129
    default: BertUnicode.combiningClass(mark)
    }
  }
}
