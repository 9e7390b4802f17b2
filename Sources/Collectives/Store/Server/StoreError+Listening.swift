import Glibc
import NIOCore

extension StoreError {
  static func invalidPort(_ port: Int) -> StoreError {
    StoreError(
      code: .invalidArgument, message: "port \(port) is invalid: use one from 0 to 65535")
  }

  /// The error of a server that cannot listen.
  static func cannotListen(host: String?, port: Int, _ cause: any Error) -> StoreError {
    let address = host.map { "\($0) port \(port)" } ?? "port \(port) of this machine"
    if let error = cause as? IOError, error.errnoCode == EADDRINUSE {
      return StoreError(
        code: .addressInUse,
        message: "cannot listen on \(address), because another process does: "
          + "use another port, 0 for a free one, or stop that process "
          + "(`ss -ltnp sport = :\(port)` names it)",
        cause: cause)
    }
    if let error = cause as? IOError {
      return StoreError(
        code: .io,
        message: "cannot listen on \(address) (\(String(cString: strerror(error.errnoCode)))): "
          + "use an address of this machine and a port that you may open, 1024 or higher",
        cause: cause)
    }
    return StoreError(
      code: .cannotResolve,
      message: "cannot listen on \(address), because the name cannot be resolved: "
        + "use an address of this machine, or none for all addresses",
      cause: cause)
  }
}

extension String {
  /// The string without the brackets of an IPv6 address in a URL.
  var withoutBrackets: String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
  }
}
