import Glibc

/// The launcher's standard output or standard error, with a buffer.
///
/// Output is buffered and written when the descriptor is writable, so a stalled reader, such as a
/// paused terminal, never blocks the launcher. If the reader closes its end, the output is
/// discarded and the job continues. If output cannot be written for another reason, such as a full
/// disk, the job continues too, and ``loss`` records it.
final class OutputSink {
  let descriptor: Int32
  let isTerminal: Bool

  private var pending: [UInt8] = []
  private var written = 0
  private var isReaderClosed = false
  private var hasNewLoss = false
  /// The output that could not be written, and the first reason; `nil` if there is none.
  private(set) var loss: (bytes: Int, reason: Int32)?
  private var atLineStart = true
  private var unfinished: [Int: (prefix: [UInt8], text: ArraySlice<UInt8>)] = [:]
  private var showsUnfinished = false
  private var unfinishedChanged = false

  init(descriptor: Int32) {
    self.descriptor = descriptor
    let dumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true
    isTerminal = isatty(descriptor) == 1 && !dumb
  }

  /// Whether the buffer holds output that is not written yet.
  var hasPending: Bool { written < pending.count }

  /// Whether more than 1 MiB is pending, so that the launcher should stop reading from workers.
  var isFull: Bool { pending.count - written > 1 << 20 }

  /// Appends bytes unchanged.
  func append(_ bytes: ArraySlice<UInt8>) {
    guard let last = bytes.last else { return }
    pending += bytes
    atLineStart = last == .newline || (last == .carriageReturn && isTerminal)
  }

  /// Appends a complete line after its prefix.
  func append(line: ArraySlice<UInt8>, prefix: [UInt8]) {
    startLine()
    pending += prefix
    pending += line
    pending.append(.newline)
  }

  /// Appends a line of the launcher.
  func append(message: String) { append(line: Array(message.utf8)[...], prefix: []) }

  /// Sets the incomplete last line of a worker's stream, which is shown only on a terminal.
  ///
  /// The terminal's last line shows the incomplete line of the lowest `stream` that has one.
  func setUnfinished(_ text: ArraySlice<UInt8>, prefix: [UInt8], stream: Int) {
    guard isTerminal, text != unfinished[stream]?.text ?? [] else { return }
    unfinished[stream] = text.isEmpty ? nil : (prefix, ArraySlice(Array(text)))
    unfinishedChanged = true
  }

  /// Writes as much as possible without blocking.
  func flush() {
    showUnfinished()
    while hasPending {
      var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      guard poll(&state, 1, 0) > 0 else { return }
      // At most PIPE_BUF bytes at once: poll guarantees that a write of this size does not block.
      let end = min(written + 4096, pending.count)
      let count = pending[written..<end].withUnsafeBytes {
        write(descriptor, $0.baseAddress, $0.count)
      }
      if count > 0 {
        written += count
      } else if errno == EAGAIN || errno == EINTR {
        return
      } else if errno == EPIPE {
        isReaderClosed = true
      } else {
        lose(errno)
      }
      if isReaderClosed || written == pending.count {
        pending.removeAll(keepingCapacity: pending.capacity < 1 << 20)
        written = 0
      }
    }
  }

  /// Returns the reason of a loss once, when it is new.
  func takeNewLoss() -> Int32? {
    defer { hasNewLoss = false }
    return hasNewLoss ? loss?.reason : nil
  }

  /// Discards what is pending; later output is tried again.
  private func lose(_ reason: Int32) {
    hasNewLoss = loss == nil
    loss = (bytes: (loss?.bytes ?? 0) + pending.count - written, reason: loss?.reason ?? reason)
    written = pending.count
  }

  private func startLine() {
    if showsUnfinished {
      pending += Self.clearLine
      showsUnfinished = false
      unfinishedChanged = true
    } else if !atLineStart {
      pending.append(.newline)
    }
    atLineStart = true
  }

  private func showUnfinished() {
    guard unfinishedChanged, pending.count - written < 4096 else { return }
    unfinishedChanged = false
    if showsUnfinished { pending += Self.clearLine }
    showsUnfinished = false
    guard let (_, shown) = unfinished.min(by: { $0.key < $1.key }) else { return }
    pending += Self.truncated(shown.prefix + shown.text, columns: columns)
    showsUnfinished = true
  }

  /// Truncates a line to the terminal's width, so that it does not wrap.
  ///
  /// Escape sequences use no column.
  private static func truncated(_ line: [UInt8], columns: Int) -> [UInt8] {
    var used = 0
    var inEscape = false
    var hasEscape = false
    var end = 0
    for byte in line {
      if inEscape {
        inEscape = !(0x40...0x7E).contains(byte) || byte == UInt8(ascii: "[")
      } else if byte == .escape {
        inEscape = true
        hasEscape = true
      } else if byte & 0xC0 != 0x80 {  // the first byte of a character
        if used == columns - 1 { break }
        used += 1
      }
      end += 1
    }
    return line[..<end] + (hasEscape ? Array("\u{1B}[0m".utf8) : [])
  }

  /// The width of the terminal in columns; 80 if it is unknown.
  var columns: Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
    return Int(size.ws_col)
  }

  private static let clearLine = Array("\r\u{1B}[K".utf8)
}
