/// Keeps runs of combining marks in canonical order while they are appended to a text.
///
/// Decomposition sorts each run of marks by combining class, keeping equal ones in place (The
/// Unicode Standard, section 3.11). Dropped accents need no sorting, but those of class 0 end a run;
/// so this is about the few marks that stay, such as the tone marks of Hangul.
struct CombiningMarks {
  private var run: [(class: UInt8, start: Int)] = []
  private var end = -1

  /// True for scalars that a plain table cannot deal with: marks that stay or that end a run.
  static func concerns(_ scalar: Unicode.Scalar) -> Bool {
    BertUnicode.isNonspacingMark(scalar)
      ? endsRun(scalar) : BertUnicode.combiningClass(scalar) != 0
  }

  /// Notes a mark that is left out of the text.
  mutating func drop(_ mark: Unicode.Scalar) {
    if Self.endsRun(mark) { end = -1 }
  }

  /// Appends what became of a scalar of the given class, in its place among the marks before it.
  mutating func append(
    _ scalars: String.UnicodeScalarView, class combiningClass: UInt8, to output: inout [UInt8]
  ) {
    guard combiningClass != 0 else {
      for scalar in scalars { output.append(scalar: scalar.value) }
      return
    }
    if end != output.count { run = [] }
    let place = run.firstIndex { $0.class > combiningClass } ?? run.count
    let start = place < run.count ? run[place].start : output.count
    var bytes: [UInt8] = []
    for scalar in scalars { bytes.append(scalar: scalar.value) }
    output.insert(contentsOf: bytes, at: start)
    run.insert((combiningClass, start), at: place)
    for later in run.indices.dropFirst(place + 1) { run[later].start += bytes.count }
    end = output.count
  }

  /// Class 0 ends a run.
  private static func endsRun(_ mark: Unicode.Scalar) -> Bool { sortedClass(mark) == 0 }

  /// The class that a mark is sorted by: its own, but for three Tibetan vowels that decompose into
  /// marks of class 129 and others.
  static func sortedClass(_ mark: Unicode.Scalar) -> UInt8 {
    switch mark.value {
    case 0x0F73, 0x0F75, 0x0F81: 129
    default: BertUnicode.combiningClass(mark)
    }
  }
}
