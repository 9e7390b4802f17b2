import Glibc
package import Support

/// A TCP connection whose calls end at a deadline.
package final class ClientSocket: Sendable {
  /// Why a call failed.
  package enum Failure: Error, Equatable {
    case timedOut
    case closedByPeer
    case system(errno: Int32)

    var reason: String {
      switch self {
      case .timedOut: "no answer"
      case .closedByPeer: "the other side closed the connection"
      case .system(let errno): String(cString: strerror(errno))
      }
    }
  }

  private let descriptor: Int32

  /// Connects to `address`.
  package init(connectedTo address: HostAddress, before deadline: Deadline) throws(Failure) {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    descriptor = socket(address.family, type, 0)
    guard descriptor >= 0 else { throw .system(errno: errno) }
    setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    keepAlive()
    if address.connect(descriptor) == 0 { return }
    guard errno == EINPROGRESS || errno == EINTR else { throw .system(errno: errno) }
    try wait(for: POLLOUT, before: deadline)
    let error = pendingError
    guard error == 0 else { throw .system(errno: error) }
  }

  deinit {
    if descriptor >= 0 { Glibc.close(descriptor) }
  }

  /// The numeric local address.
  var localAddress: String { HostAddress(localOf: descriptor).text }

  /// Sends all of `bytes`.
  package func send(_ bytes: [UInt8], before deadline: Deadline) throws(Failure) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        try wait(for: POLLOUT, before: deadline)
      } else if errno != EINTR {
        throw .system(errno: errno)
      }
    }
  }

  /// Waits for data and appends up to `limit` bytes of it to `bytes`.
  package func receive(
    upTo limit: Int, into bytes: inout [UInt8], before deadline: Deadline
  ) throws(Failure) {
    while true {
      try wait(for: POLLIN, before: deadline)
      let (count, error) = withUnsafeTemporaryAllocation(byteCount: limit, alignment: 1) { buffer in
        let count = recv(descriptor, buffer.baseAddress, limit, 0)
        let error = errno
        bytes.append(contentsOf: buffer.prefix(max(count, 0)))
        return (count, error)
      }
      if count > 0 { return }
      if count == 0 { throw .closedByPeer }
      if error != EAGAIN && error != EINTR { throw .system(errno: error) }
    }
  }

  private func wait(for events: Int32, before deadline: Deadline) throws(Failure) {
    while true {
      var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let remaining = deadline.remaining
      let count = poll(&entry, 1, remaining.pollMilliseconds)
      if count > 0 { return }
      if count < 0 && errno != EINTR { throw .system(errno: errno) }
      if count == 0 && remaining == .zero { throw .timedOut }
    }
  }

  private var pendingError: Int32 {
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    let status = getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
    return status == 0 ? error : errno
  }

  /// Enables keep-alives, which detect the loss of the server's machine within half a minute.
  private func keepAlive() {
    setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
    setOption(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 10)
    setOption(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 5)
    setOption(Int32(IPPROTO_TCP), TCP_KEEPCNT, 4)
  }

  private func setOption(_ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
  }
}
