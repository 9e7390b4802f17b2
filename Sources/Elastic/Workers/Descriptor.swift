import CSpawn
import Glibc

/// A file descriptor that is closed on `deinit`.
final class Descriptor {
  let number: Int32

  init(owning number: Int32) { self.number = number }
  deinit { close(number) }

  /// Opens `/dev/null` as each standard stream that is closed, so that no other file gets its
  /// number.
  static func fillStandardStreams() {
    while case let number = Glibc.open("/dev/null", O_RDWR), number >= 0 {
      if number > STDERR_FILENO {
        close(number)
        return
      }
    }
  }

  /// Opens a file.
  static func open(_ path: String, _ flags: Int32) throws(ElasticError) -> Descriptor {
    let number = Glibc.open(path, flags | O_CLOEXEC, 0o644)
    guard number >= 0 else {
      throw ElasticError(.system, "cannot open \(path): \(systemMessage(errno))")
    }
    return Descriptor(owning: number)
  }

  /// Opens a pipe whose reading end does not block.
  static func pipe() throws(ElasticError) -> (reader: Descriptor, writer: Descriptor) {
    var ends: [Int32] = [-1, -1]
    guard cspawn_pipe(&ends) == 0 else {
      throw ElasticError(
        .system,
        "cannot open a pipe: \(systemMessage(errno)); check the limit on open files (ulimit -n)")
    }
    return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
  }
}

/// The system's description of an error number.
func systemMessage(_ number: Int32) -> String { String(cString: strerror(number)) }
