import Glibc

/// One output stream of one worker, on its way from the worker's pipe to where it is wanted.
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
  ///   - reader: The pipe's end to read from; it does not block.
  ///   - sink: Where the lines are shown, if at all.
  ///   - prefix: What to put before each line; `nil` passes the bytes on as they come.
  ///   - file: A log file that gets the bytes as they are.
  ///   - copies: Another log that gets some of the lines, each after the prefix.
  ///   - keepsTail: Whether ``tail`` is wanted.
  ///   - order: Which stream comes first where only one can be shown.
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

  /// Whether output should stay in the pipe for now.
  var isHeldUp: Bool { sink?.isFull ?? false }

  /// The last lines that came through, if they are kept.
  var tail: LineTail? { lines }

  /// Takes what is in the pipe, at most 64 KiB; returns `false` at its end.
  func read() -> Bool {
    let count = Glibc.read(reader.number, &buffer, buffer.count)
    guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
    pass(buffer[..<count])
    return true
  }

  /// Takes all that is in the pipe and ends the last line.
  ///
  /// Does not wait for the pipe's end, which may be held open by a process that the worker started.
  func finish() {
    while case let count = Glibc.read(reader.number, &buffer, buffer.count), count > 0 {
      pass(buffer[..<count])
    }
    assembler.finish(emit: show)
    sink?.setUnfinished([], prefix: [], stream: order)
  }

  private func pass(_ bytes: ArraySlice<UInt8>) {
    file?.append(bytes)
    if prefix == nil { sink?.append(bytes) }
    assembler.append(bytes, emit: show)
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
