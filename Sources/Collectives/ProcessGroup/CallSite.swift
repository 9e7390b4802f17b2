/// The place in the source from which a collective was started.
public struct CallSite: Sendable, CustomStringConvertible {
  /// Module and file, `DataParallel/Reducer.swift`.
  public let file: StaticString
  /// The line, from 1.
  public let line: UInt

  /// Names a place; without arguments that of the call.
  public init(_ file: StaticString = #fileID, _ line: UInt = #line) {
    (self.file, self.line) = (file, line)
  }

  /// As compilers write it: `DataParallel/Reducer.swift:95`.
  public var description: String { "\(file):\(line)" }
}
