internal import Runtime

/// The place in the source from which this module was called.
enum CallSite {
  /// The folder of this module's sources.
  private static let sources = #filePath.split(separator: "/").dropLast().joined(separator: "/")

  /// Returns the file and line of the innermost caller outside of this module.
  ///
  /// Call it on failures only: it reads the program's debug information, which takes up to seconds.
  ///
  /// - Returns: `nil` if the program has no debug information.
  static func current() -> String? {
    guard let backtrace = try? Backtrace.capture(), let frames = backtrace.symbolicated()?.frames
    else { return nil }
    for frame in frames {
      // Code that the compiler inserted has line 0.
      guard let location = frame.symbol?.sourceLocation, location.line > 0,
        location.path.hasPrefix("/"), !location.path.hasPrefix("/\(sources)/")
      else { continue }
      return "\(location.path):\(location.line)"
    }
    return nil
  }
}
