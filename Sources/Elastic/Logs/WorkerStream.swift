import Glibc

/// Forwards one output stream of a worker from its pipe to the console and to log files.
final class WorkerStream {
  let reader: Descriptor

  private let sink: OutputSink?
  private let prefix: [UInt8]?
  private let file: LogFile?
  private let copies: (log: FilteredLog, prefix: [UInt8])?
  private let order: Int
  private var assembler: LineAssembler
  private var lines: LineTail?
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  /// Creates a stream.
  ///
  /// - Parameters:
  ///   - reader: The read end of the pipe, in nonblocking mode.
  ///   - sink: The console stream that shows the lines; `nil` to show none.
  ///   - prefix: The prefix of each line on the console; `nil` forwards the bytes unchanged.
  ///   - file: A log file that receives the unchanged bytes.
  ///   - copies: A filtered log, and the prefix of each of its lines.
  ///   - keepsTail: Whether to record ``tail``.
  ///   - order: The position among the streams. A terminal shows only one incomplete line, that of
  ///     the lowest position.
  init(
    reader: Descriptor, sink: OutputSink?, prefix: [UInt8]?, file: LogFile?,
    copies: (log: FilteredLog, prefix: [UInt8])?, keepsTail: Bool, order: Int
  ) {
    self.reader = reader
    self.sink = sink
    self.prefix = prefix
    self.file = file
    self.copies = copies
    self.order = order
    lines = keepsTail ? LineTail() : nil
    let onTerminal = prefix != nil && sink?.isTerminal == true
    assembler = LineAssembler(carriageReturn: onTerminal ? .overwrites : .endsLine)
  }

  /// Whether the console's buffer is full, so that output should stay in the pipe.
  var isBlocked: Bool { sink?.isFull ?? false }

  /// Whether ``read()`` has reached the end of the stream.
  private(set) var hasEnded = false

  /// The last lines of the stream, if they are recorded.
  var tail: LineTail? { lines }

  /// The signal of a crash whose backtrace the worker has begun to print, if the last lines are
  /// recorded.
  private(set) var crashSignal: Signal?

  /// Reads at most 64 KiB from the pipe and forwards it; returns `false` at the end of the stream.
  func read() -> Bool {
    let count = Glibc.read(reader.number, &buffer, buffer.count)
    guard count > 0 else {
      hasEnded = !(count < 0 && (errno == EAGAIN || errno == EINTR))
      return !hasEnded
    }
    forward(buffer[..<count])
    return true
  }

  /// Forwards everything that is in the pipe, including an incomplete last line.
  ///
  /// Does not wait for the end of the stream, because a process that the worker started may hold
  /// the pipe open.
  func finish() {
    while case let count = Glibc.read(reader.number, &buffer, buffer.count), count > 0 {
      forward(buffer[..<count])
    }
    assembler.finish(emit: show)
    sink?.setUnfinished([], prefix: [], stream: order)
  }

  private func forward(_ bytes: ArraySlice<UInt8>) {
    file?.append(bytes)
    if prefix == nil { sink?.append(bytes) }
    assembler.append(bytes, emit: show)
    if lines != nil && crashSignal == nil {
      crashSignal = CrashMessage.signal(ofUnfinishedLine: assembler.unfinished)
    }
    if let prefix, sink?.isTerminal == true {
      let text = assembler.unfinished.prefix(4096)
      sink?.setUnfinished(text, prefix: prefix, stream: order)
    }
  }

  private func show(_ line: ArraySlice<UInt8>, isProgress: Bool) {
    lines?.append(line, isProgress: isProgress, at: WorkerFailure.now)
    if let copies { copies.log.append(line: line, prefix: copies.prefix) }
    if let prefix { sink?.append(line: line, prefix: prefix) }
  }
}
