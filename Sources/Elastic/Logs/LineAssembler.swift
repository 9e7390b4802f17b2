/// Puts a process's output, which arrives in pieces of any size, back together into lines.
///
/// Bytes that are no text pass unchanged. A line longer than ``limit`` is passed on in pieces of that
/// length, so that memory stays bounded.
package struct LineAssembler: Sendable {
  /// What a carriage return does.
  package enum CarriageReturn: Sendable {
    /// It ends a line, so each step of a progress bar is one; for files and pipes.
    case endsLine
    /// What follows replaces what stands before it on the line; for terminals.
    case overwrites
  }

  private let carriageReturn: CarriageReturn
  private let limit: Int
  private var partial: [UInt8] = []
  private var skipsNewline = false

  /// Creates an assembler of lines of at most `limit` bytes.
  package init(carriageReturn: CarriageReturn, limit: Int = 16 << 20) {
    self.carriageReturn = carriageReturn
    self.limit = limit
  }

  /// The unfinished line at the end, as a terminal would show it.
  package var unfinished: ArraySlice<UInt8> { Self.withoutReturns(partial[...]) }

  /// Takes in the next piece of output.
  ///
  /// - Parameters:
  ///   - bytes: What arrived.
  ///   - emit: Is called with each line that is now complete, without its end, and with whether a
  ///     lone carriage return ended it, which makes it a step of a progress bar.
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

  /// Emits an unfinished line at the end of the output.
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
      partial = Self.visible(partial[...]) + end  // forget what was overwritten
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
