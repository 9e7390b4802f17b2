/// The source location that started a collective.
public struct CallSite: Sendable, CustomStringConvertible {
  /// The module and file, such as `DataParallel/Reducer.swift`.
  public let file: StaticString
  /// The line number, from 1.
  public let line: UInt

  /// Creates a location; by default, that of the call.
  public init(_ file: StaticString = #fileID, _ line: UInt = #line) {
    self.file = file
    self.line = line
  }

  /// File and line, in the form `DataParallel/Reducer.swift:95`.
  public var description: String { "\(file):\(line)" }
}
