/// What a program's runtime says on standard error when it crashes: which check failed, and where.
///
/// Swift's says this; the first line in unoptimised code only, the last two with debug information only:
/// ```
/// Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range
/// *** Signal 4: Backtracing from 0x55d6c6cb89ed... done ***
/// *** Program crashed: Illegal instruction at 0x000055d6c6cb89ed ***
/// 0 [inlined] [system] 0x000055d6c6cb89ed Swift runtime failure: Index out of range in train at /<compiler-generated>
/// 1 [ra] 0x000055d6c6cb8a10 step(_:) + 61 in train at /home/me/train/main.swift:17:16
/// ```
package struct CrashMessage: Sendable, Hashable {
  /// The reason and the place in the source, as far as they are told.
  package var text: String

  /// Which of the lines was the first of the crash.
  ///
  /// The process may have lived on for seconds after it, for its backtrace, before its peers missed it.
  package var firstLine: Int

  /// The beginnings of a reason, the better first.
  private static let reasons = [
    "Fatal error: ", "Swift runtime failure: ", "Fatal Python error: ", "  what():  ",
    "Program crashed: ",
  ]

  /// Finds the reason and the place in the last lines of standard error; `nil` if they tell none.
  package init?(in lines: [String]) {
    for reason in Self.reasons {
      guard let index = lines.lastIndex(where: { $0.contains(reason) }) else { continue }
      let line =
        reason == "Fatal error: " ? lines[index] : Self.tail(of: lines[index], from: reason)
      let place = lines[index...].lazy.compactMap(Self.place).first
      text = Self.trimmed(line) + (place.map { ", at \($0)" } ?? "")
      firstLine = min(index, lines.lastIndex { $0.contains(": Backtracing from 0x") } ?? index)
      return
    }
    return nil
  }

  private static func tail(of line: String, from marker: String) -> String {
    guard let range = line.firstRange(of: marker) else { return line }
    return String(line[range.lowerBound...].prefix { $0 != "\u{1b}" })
  }

  /// The reason without the frame's file, an address, and what stands around it.
  private static func trimmed(_ line: String) -> String {
    line.replacing(/\x20in \S+ at \/<compiler-generated>.*/, with: "")
      .replacing(/\x20at 0x[0-9a-f]+.*/, with: "").replacing(/^\s+|\s+$/, with: "")
  }

  /// The place in the source of a backtrace's frame that is not the runtime's own.
  private static func place(_ line: String) -> Substring? {
    guard !line.contains("[system]") else { return nil }
    return line.firstMatch(of: /^\s*\d+ .*0x[0-9a-f]+ .+ in \S+ at (\/.+:\d+):\d+$/)?.1
  }
}
