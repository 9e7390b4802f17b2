internal import Support

/// The settings of a rendezvous: torchrun's `rdzv_conf` with its keys and, except for
/// ``keepAliveInterval``, its defaults.
public struct RendezvousSettings: Sendable, Hashable {
  /// How the nodes of a `c10d` rendezvous find its host.
  public enum StoreType: String, Sendable, Hashable, CaseIterable {
    /// The host listens at the endpoint.
    case tcp
    /// The host registers in a file that all nodes share; the endpoint is its path.
    case file
  }

  /// `join_timeout`: the time to wait for the smallest number of nodes.
  public var joinTimeout: Duration = .seconds(600)

  /// `last_call_timeout`: the time to wait for more nodes, once there are enough.
  public var lastCallTimeout: Duration = .seconds(30)

  /// `close_timeout`: the time that the host waits for the others to receive the job's end.
  public var closeTimeout: Duration = .seconds(30)

  /// `heartbeat_timeout`: the time limit for the renewal of the host's lease in etcd.
  public var heartbeatTimeout: Duration = .seconds(5)

  /// `keep_alive_interval`: the time between two heartbeats of a node.
  ///
  /// torchrun's default is 5 s, because each of its heartbeats changes a value that all nodes poll.
  public var keepAliveInterval: Duration = .milliseconds(500)

  /// `keep_alive_max_attempt`: the number of consecutive missing heartbeats after which a node is
  /// lost.
  public var keepAliveMaxAttempt = 3

  /// `is_host`: whether this node is the host; `nil` to decide by the endpoint's address.
  public var isHost: Bool?

  /// `store_type`: `tcp` or `file`.
  public var storeType = StoreType.tcp

  /// `read_timeout`: the time limit of a call to etcd, or of waiting for the file's lock.
  public var readTimeout: Duration = .seconds(60)

  /// `timeout`: the time that a static rendezvous waits for all nodes.
  public var timeout: Duration = .seconds(900)

  /// `rank`: this node's rank in a static rendezvous, unless `--node-rank` is given.
  public var rank: Int?

  /// Creates the default settings.
  public init() {}
}

extension RendezvousSettings {
  /// The keys of `rdzv_conf`.
  enum Key: String, CaseIterable {
    case joinTimeout = "join_timeout"
    case lastCallTimeout = "last_call_timeout"
    case closeTimeout = "close_timeout"
    case heartbeatTimeout = "heartbeat_timeout"
    case keepAliveInterval = "keep_alive_interval"
    case keepAliveMaxAttempt = "keep_alive_max_attempt"
    case isHost = "is_host"
    case storeType = "store_type"
    case readTimeout = "read_timeout"
    case timeout = "timeout"
    case rank = "rank"
  }

  /// Parses `key=value,key=value`; missing keys keep their defaults.
  ///
  /// Unknown keys are ignored, as in torchrun;
  /// ``RendezvousConfiguration/warnings(about:includingUnused:)`` reports them.
  ///
  /// - Throws: ``ElasticError`` with code `usage` that names an invalid value.
  public init(_ text: String) throws(ElasticError) {
    for entry in text.split(separator: ",") {
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.filter { !$0.isWhitespace } }
      guard parts.count == 2 else {
        throw ElasticError(
          .usage, "\(EscapedText.of(entry)) has no value: give KEY=VALUE,KEY=VALUE")
      }
      guard let key = Key(rawValue: parts[0]) else { continue }
      do throws(ElasticError) {
        try set(key, parts[1])
      } catch {
        throw ElasticError(.usage, "\(parts[0]): \(error.message)")
      }
    }
  }

  private mutating func set(_ key: Key, _ text: String) throws(ElasticError) {
    switch key {
    case .joinTimeout: joinTimeout = try Self.seconds(text)
    case .lastCallTimeout: lastCallTimeout = try Self.seconds(text)
    case .closeTimeout: closeTimeout = try Self.seconds(text)
    case .heartbeatTimeout: heartbeatTimeout = try Self.seconds(text)
    case .keepAliveInterval: keepAliveInterval = try Self.seconds(text)
    case .keepAliveMaxAttempt: keepAliveMaxAttempt = try Self.number(text, 1...1000)
    case .isHost: isHost = try Self.boolean(text)
    case .storeType:
      guard let type = StoreType(rawValue: text.lowercased()) else {
        throw ElasticError(.usage, "give tcp or file")
      }
      storeType = type
    case .readTimeout: readTimeout = try Self.seconds(text)
    case .timeout: timeout = try Self.seconds(text)
    case .rank: rank = try Self.number(text, 0...65535)
    }
  }

  private static func seconds(_ text: String) throws(ElasticError) -> Duration {
    guard let seconds = Double(text), seconds > 0, seconds <= 1e9 else {
      throw ElasticError(.usage, "give a number of seconds greater than 0")
    }
    return .seconds(seconds)
  }

  private static func number(
    _ text: String, _ range: ClosedRange<Int>
  ) throws(ElasticError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw ElasticError(
        .usage, "give a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func boolean(_ text: String) throws(ElasticError) -> Bool {
    switch text.lowercased() {
    case "true", "t", "yes", "y", "1": return true
    case "false", "f", "no", "n", "0": return false
    default: throw ElasticError(.usage, "give true or false")
    }
  }
}
