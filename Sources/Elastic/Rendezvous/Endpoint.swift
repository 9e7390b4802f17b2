import Glibc

/// A host and an optional port: `node0`, `node0:29400`, `10.0.0.1:29400`, `[fd00::1]:29400`.
public struct Endpoint: Sendable, Hashable {
  /// A name or an address; an IPv6 address is stored without brackets.
  public var host: String

  /// The port, 0 for any free one; `nil` for the backend's default port.
  public var port: Int?

  /// Creates an endpoint.
  public init(host: String, port: Int? = nil) {
    self.host = host
    self.port = port
  }

  /// Parses an endpoint; an IPv6 address with a port needs brackets.
  ///
  /// - Throws: ``ElasticError`` with code `usage` that describes the error.
  public init(_ text: String) throws(ElasticError) {
    try Self.checkForm(text)
    var rest = text[...]
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else {
        throw ElasticError(
          .usage, "the bracket of the IPv6 address is not closed: write [ADDRESS]:PORT")
      }
      host = String(rest[rest.index(after: rest.startIndex)..<end])
      guard Self.isIPv6Address(host) else {
        throw ElasticError(
          .usage, "brackets are for IPv6 addresses only; give HOST:PORT or [ADDRESS]:PORT")
      }
      rest = rest[rest.index(after: end)...]
    } else if rest.count(where: { $0 == ":" }) > 1 {  // an IPv6 address without a port
      guard Self.isIPv6Address(rest) else {
        throw ElasticError(
          .usage, "it has several colons but is not an IPv6 address; give HOST:PORT")
      }
      host = String(rest)
      rest = ""
    } else {
      host = String(rest.prefix { $0 != ":" })
      rest = rest.drop { $0 != ":" }
    }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace) else {
      throw ElasticError(.usage, "give HOST:PORT, such as node0:29400 or [fd00::1]:29400")
    }
    guard !rest.isEmpty else { return }
    guard rest.first == ":", let port = Int(rest.dropFirst()), (0...65535).contains(port) else {
      throw ElasticError(.usage, "the port must be a whole number from 0 to 65535")
    }
    self.port = port
  }

  /// Refuses texts that look like an endpoint but are something else.
  private static func checkForm(_ text: String) throws(ElasticError) {
    if let scheme = text.firstRange(of: "://") {
      let rest = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
      let host = rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest
      throw ElasticError(
        .usage, "an endpoint is not a URL; give HOST:PORT" + (host.isEmpty ? "" : ", here \(host)"))
    }
    if text.contains(",") {
      throw ElasticError(.usage, "give one endpoint, not a list: HOST:PORT")
    }
    if let character = text.first(where: { "/@?#\\".contains($0) }) {
      throw ElasticError(
        .usage, "\(character) is not part of an endpoint; give HOST:PORT, such as node0:29400")
    }
  }

  /// Whether a text is an IPv6 address, possibly with a zone such as `%eth0`.
  private static func isIPv6Address(_ text: some StringProtocol) -> Bool {
    var address = in6_addr()
    return inet_pton(AF_INET6, String(text.prefix { $0 != "%" }), &address) == 1
  }
}

extension Endpoint: CustomStringConvertible {
  /// The text from which `init(_:)` creates the same endpoint.
  public var description: String {
    let host = host.contains(":") ? "[\(host)]" : host
    return port.map { "\(host):\($0)" } ?? host
  }
}
