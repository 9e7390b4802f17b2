import Collectives
import FoundationEssentials
import Glibc

/// A TCP connection to the host of a rendezvous.
///
/// Every call has a time limit.
final class FrameSocket {
  /// The reason why a connection cannot be used.
  enum Failure: Error, Equatable {
    case timedOut
    case closed
    /// The peer closed the connection before it sent anything.
    case closedUnanswered
    case system(Int32)
    /// The peer uses another protocol.
    case foreign(String)
    case violation(String)

    var reason: String {
      switch self {
      case .timedOut: "no answer"
      case .closed, .closedUnanswered: "the connection was closed"
      case .system(let number): systemMessage(number)
      case .foreign(let reason), .violation(let reason): "the process that listens there \(reason)"
      }
    }
  }

  let descriptor: Descriptor
  private var reader = FrameReader()
  /// Whether the peer has sent anything.
  private(set) var hasReceived = false

  /// Connects to an address and sends ``Frame/magic``.
  init(_ address: HostAddress, within limit: Duration) throws(Failure) {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let number = socket(address.family, type, 0)
    guard number >= 0 else { throw .system(errno) }
    descriptor = Descriptor(owning: number)
    var on: Int32 = 1
    setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    if address.connect(number) != 0 {
      guard errno == EINPROGRESS else { throw .system(errno) }
      guard Poll.wait(number, POLLOUT, limit) else { throw .timedOut }
      var error: Int32 = 0
      var length = socklen_t(MemoryLayout<Int32>.size)
      getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &length)
      guard error == 0 else { throw .system(error) }
    }
    try send(bytes: Frame.magic)
  }

  /// The address of this end of the connection.
  var localAddress: String { HostAddress(localOf: descriptor.number).text }

  /// Sends a message.
  ///
  /// It throws `timedOut` if the peer reads nothing for a second.
  func send(_ message: NodeMessage) throws(Failure) { try send(bytes: Frame.encode(message)) }

  private func send(bytes: [UInt8]) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        guard Poll.wait(descriptor.number, POLLOUT, .seconds(1)) else { throw .timedOut }
      } else if errno != EINTR {
        throw failure(errno)
      }
    }
  }

  private func failure(_ number: Int32) -> Failure {
    (number == ECONNRESET || number == EPIPE) && !hasReceived ? .closedUnanswered : .system(number)
  }

  /// Removes and returns the next message that has arrived; `nil` if there is none.
  func next() throws(Failure) -> HostMessage? {
    do throws(FrameViolation) {
      return try reader.next(HostMessage.self)
    } catch {
      throw error.isForeign ? .foreign(error.reason) : .violation(error.reason)
    }
  }

  /// Reads the bytes that have arrived, without waiting; ``next()`` returns their messages.
  func receive() throws(Failure) {
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = recv(descriptor.number, &chunk, chunk.count, 0)
      if count > 0 {
        hasReceived = true
        reader.append(chunk[..<count])
        return
      }
      if count == 0 { throw hasReceived ? .closed : .closedUnanswered }
      if errno == EAGAIN { return }
      if errno != EINTR { throw failure(errno) }
    }
  }
}
