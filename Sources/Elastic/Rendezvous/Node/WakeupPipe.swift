import CSpawn
import Glibc

/// A pipe by which one thread wakes another.
final class WakeupPipe: Sendable {
  private let ends: (reader: Int32, writer: Int32)

  init() throws(ElasticError) {
    var ends: [Int32] = [-1, -1]
    guard cspawn_pipe(&ends) == 0, fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0 else {
      throw ElasticError(
        .system, "cannot open a pipe: \(systemMessage(errno)); `ulimit -n` may be too low")
    }
    self.ends = (ends[0], ends[1])
  }

  deinit {
    Glibc.close(ends.reader)
    Glibc.close(ends.writer)
  }

  /// The descriptor to poll.
  var reader: Int32 { ends.reader }

  /// Makes ``reader`` readable.
  func signal() {
    var byte: UInt8 = 1
    _ = write(ends.writer, &byte, 1)  // a full pipe is already readable
  }

  /// Makes ``reader`` unreadable until the next ``signal()``.
  func clear() {
    var bytes = [UInt8](repeating: 0, count: 256)
    while read(ends.reader, &bytes, bytes.count) > 0 {}
  }
}
