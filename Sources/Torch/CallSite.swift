internal import Runtime

/// The place in the source from which this module was called.
enum CallSite {
  /// The folder of this module's sources.
  private static let sources = #filePath.split(separator: "/").dropLast().joined(separator: "/")

  /// Returns the file and line of the innermost caller outside of this module.
  ///
  /// It reads the debug information of the program, which takes milliseconds: it is for failures.
  ///
  /// - Returns: `nil` if the program has no debug information.
  static func current() -> String? {
    guard let backtrace = try? Backtrace.capture(), let frames = backtrace.symbolicated()?.frames
    else { return nil }
    for frame in frames {
      // Compilers insert code without a line.
      guard let location = frame.symbol?.sourceLocation, location.line > 0,
        location.path.hasPrefix("/"), !location.path.hasPrefix("/\(sources)/")
      else { continue }
      return "\(location.path):\(location.line)"
    }
    return nil
  }
}
