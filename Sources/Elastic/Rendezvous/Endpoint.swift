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
    var rest = text[...]
    if rest.first == "[" {
      guard let end = rest.firstIndex(of: "]") else {
        throw ElasticError(
          .usage, "the bracket of the IPv6 address is not closed: write [ADDRESS]:PORT")
      }
      host = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
    } else if rest.count(where: { $0 == ":" }) > 1 {  // an IPv6 address without a port
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
}

extension Endpoint: CustomStringConvertible {
  /// The text from which `init(_:)` creates the same endpoint.
  public var description: String {
    let host = host.contains(":") ? "[\(host)]" : host
    return port.map { "\(host):\($0)" } ?? host
  }
}
