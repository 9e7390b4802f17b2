import Glibc

/// A TCP port of the loopback interface that no process uses.
///
/// The port is below those that Linux gives to outgoing connections, so only a program that is
/// started with this port can take it before the caller does. Where the program under test reports
/// its port, pass it port 0 instead.
public func freePort() -> Int {
  while true {
    let port = Int.random(in: 16_384..<32_768)
    if isFree(port) { return port }
  }
}

private func isFree(_ port: Int) -> Bool {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = in_port_t(port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }
}
