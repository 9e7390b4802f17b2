/// The message that a program's runtime prints on standard error when it crashes.
///
/// The Swift runtime prints the lines below: the first only in unoptimized code, the last two only
/// with debug information.
/// ```
/// Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range
/// *** Signal 4: Backtracing from 0x55d6c6cb89ed... done ***
/// *** Program crashed: Illegal instruction at 0x000055d6c6cb89ed ***
/// 0 [inlined] [system] 0x000055d6c6cb89ed Swift runtime failure: Index out of range in train at …
/// 1 [ra] 0x000055d6c6cb8a10 step(_:) + 61 in train at /home/me/train/main.swift:17:16
/// ```
package struct CrashMessage: Sendable, Hashable {
  /// The reason and, if it is known, the source location.
  package var text: String

  /// The index of the first line of the crash.
  ///
  /// The failure is dated by this line, because the process may print its backtrace for seconds
  /// before it exits.
  package var firstLine: Int

  /// The texts that start a reason, the most informative first.
  private static let reasons = [
    "Fatal error: ", "Swift runtime failure: ", "Fatal Python error: ", "  what():  ",
    "Program crashed: ",
  ]

  /// Searches the last lines of standard error; `nil` if they contain no crash message.
  package init?(in lines: [String]) {
    for reason in Self.reasons {
      guard let index = lines.lastIndex(where: { $0.contains(reason) }) else { continue }
      let line =
        reason == "Fatal error: " ? lines[index] : Self.tail(of: lines[index], from: reason)
      let location = lines[index...].lazy.compactMap(Self.location).first
      text = Self.trimmed(line) + (location.map { ", at \($0)" } ?? "")
      firstLine = min(index, lines.lastIndex { $0.contains(": Backtracing from 0x") } ?? index)
      return
    }
    return nil
  }

  /// The signal of a crash, by the line that the Swift runtime starts before it searches for the
  /// symbols of the backtrace, and ends after it; `nil` for any other line.
  package static func signal(ofUnfinishedLine line: some Collection<UInt8>) -> Signal? {
    let start = "*** Signal "
    guard line.starts(with: start.utf8) else { return nil }
    let text = String(decoding: line.dropFirst(start.utf8.count).prefix(64), as: UTF8.self)
    guard text.contains(": Backtracing from 0x") else { return nil }
    let signal = Int32(text.prefix { $0 != ":" }).map(Signal.init(number:))
    return signal == .quit ? nil : signal  // after SIGQUIT the process continues
  }

  private static func tail(of line: String, from marker: String) -> String {
    guard let range = line.firstRange(of: marker) else { return line }
    return String(line[range.lowerBound...].prefix { $0 != "\u{1b}" })
  }

  /// The reason without the frame's file, the address and surrounding white space.
  private static func trimmed(_ line: String) -> String {
    line.replacing(/\x20in \S+ at \/<compiler-generated>.*/, with: "")
      .replacing(/\x20at 0x[0-9a-f]+.*/, with: "").replacing(/^\s+|\s+$/, with: "")
  }

  /// The source location in a backtrace frame; `nil` for frames of the runtime.
  private static func location(_ line: String) -> Substring? {
    guard !line.contains("[system]") else { return nil }
    return line.firstMatch(of: /^\s*\d+ .*0x[0-9a-f]+ .+ in \S+ at (\/.+:\d+):\d+$/)?.1
  }
}
