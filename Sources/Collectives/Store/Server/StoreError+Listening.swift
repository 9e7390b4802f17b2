import Glibc
import NIOCore

extension StoreError {
  static func invalidPort(_ port: Int) -> StoreError {
    StoreError(
      code: .invalidArgument, message: "port \(port) is none: take one from 0 to 65535")
  }

  /// The error for a server that cannot listen.
  static func cannotListen(host: String?, port: Int, _ cause: any Error) -> StoreError {
    let place = host.map { "\($0) port \(port)" } ?? "port \(port) of this machine"
    if let error = cause as? IOError, error.errnoCode == EADDRINUSE {
      return StoreError(
        code: .addressInUse,
        message: "cannot listen on \(place), because another process does: "
          + "take another port, 0 for a free one, or stop that process "
          + "(`ss -ltnp sport = :\(port)` names it)",
        cause: cause)
    }
    if let error = cause as? IOError {
      return StoreError(
        code: .io,
        message: "cannot listen on \(place) (\(String(cString: strerror(error.errnoCode)))): "
          + "take an address of this machine and a port that you may use, 1024 or higher",
        cause: cause)
    }
    return StoreError(
      code: .cannotResolve,
      message: "cannot listen on \(place), because the name cannot be resolved: "
        + "take an address of this machine, or none for all of them",
      cause: cause)
  }
}

extension String {
  /// An IPv6 address without the brackets that it has in URLs.
  var withoutBrackets: String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
  }
}
