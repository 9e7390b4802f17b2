/// Splits a process's output, which arrives in chunks of any size, into lines.
///
/// Binary data passes unchanged. A line longer than ``limit`` is emitted in chunks of that length,
/// which bounds the memory.
package struct LineAssembler: Sendable {
  /// The effect of a carriage return.
  package enum CarriageReturn: Sendable {
    /// It ends the line, so each update of a progress bar is a line. For files and pipes.
    case endsLine
    /// The text after it replaces the line before it. For terminals.
    case overwrites
  }

  private let carriageReturn: CarriageReturn
  private let limit: Int
  private var partial: [UInt8] = []
  private var skipsNewline = false

  /// Creates an assembler that emits lines of at most `limit` bytes.
  package init(carriageReturn: CarriageReturn, limit: Int = 16 << 20) {
    self.carriageReturn = carriageReturn
    self.limit = limit
  }

  /// The incomplete last line, as a terminal would show it.
  package var unfinished: ArraySlice<UInt8> { Self.withoutReturns(partial[...]) }

  /// Appends the next chunk of output, and emits the lines that it completes.
  ///
  /// - Parameters:
  ///   - bytes: The chunk.
  ///   - emit: Receives each completed line without its terminator. `isProgress` is true if the
  ///     line ended with a lone carriage return, as the updates of a progress bar do.
  package mutating func append(
    _ bytes: ArraySlice<UInt8>, emit: (_ line: ArraySlice<UInt8>, _ isProgress: Bool) -> Void
  ) {
    var rest = bytes
    if skipsNewline, let first = rest.first {
      skipsNewline = false
      if first == .newline { rest.removeFirst() }
    }
    while let end = nextEnd(in: rest) {
      let line = rest[..<end]
      let isReturn = rest[end] == .carriageReturn
      rest = rest[(end + 1)...]
      let isPair = isReturn && rest.first == .newline
      if isPair { rest.removeFirst() }
      if isReturn && rest.isEmpty && !isPair { skipsNewline = true }
      complete(line, isProgress: isReturn && !isPair, emit: emit)
    }
    add(rest, emit: emit)
  }

  /// Emits an incomplete last line at the end of the output.
  package mutating func finish(emit: (_ line: ArraySlice<UInt8>, _ isProgress: Bool) -> Void) {
    if !partial.isEmpty { complete([], isProgress: false, emit: emit) }
  }

  private func nextEnd(in bytes: ArraySlice<UInt8>) -> Int? {
    switch carriageReturn {
    case .endsLine: bytes.firstIndex { $0 == .newline || $0 == .carriageReturn }
    case .overwrites: bytes.firstIndex(of: .newline)
    }
  }

  private mutating func complete(
    _ end: ArraySlice<UInt8>, isProgress: Bool, emit: (ArraySlice<UInt8>, Bool) -> Void
  ) {
    let line: ArraySlice<UInt8>
    if partial.isEmpty {
      line = end
    } else {
      add(end, emit: emit)
      line = partial[...]
      partial = []
    }
    let visible = carriageReturn == .overwrites ? Self.visible(line) : line
    if !(isProgress && visible.isEmpty) { emit(visible, isProgress) }
  }

  private mutating func add(_ bytes: ArraySlice<UInt8>, emit: (ArraySlice<UInt8>, Bool) -> Void) {
    let overwrites = partial.last == .carriageReturn || bytes.contains(.carriageReturn)
    partial += bytes
    if overwrites {
      let end: [UInt8] = partial.last == .carriageReturn ? [.carriageReturn] : []
      partial = Self.visible(partial[...]) + end  // drop the overwritten text
    }
    while partial.count > limit {
      emit(partial[..<limit], false)
      partial.removeFirst(limit)
    }
  }

  private static func visible(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let line = withoutReturns(line)
    guard let start = line.lastIndex(of: .carriageReturn) else { return line }
    return line[(start + 1)...]
  }

  private static func withoutReturns(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var line = line
    while line.last == .carriageReturn { line.removeLast() }
    return line
  }
}

extension UInt8 {
  static let newline: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let escape: UInt8 = 0x1B
}
