/// How patient nodes are with each other: torchrun's `rdzv_conf`, its keys and, but for
/// ``keepAliveInterval``, its defaults.
public struct RendezvousSettings: Sendable, Hashable {
  /// Where the nodes of a `c10d` rendezvous find its host.
  public enum StoreType: String, Sendable, Hashable, CaseIterable {
    /// On the node that the endpoint names.
    case tcp
    /// By a file that all nodes share; the endpoint is its path.
    case file
  }

  /// `join_timeout`: how long to wait for the least number of nodes.
  public var joinTimeout: Duration = .seconds(600)

  /// `last_call_timeout`: how long to wait for more nodes when there are enough.
  public var lastCallTimeout: Duration = .seconds(30)

  /// `close_timeout`: how long closing the rendezvous may take.
  public var closeTimeout: Duration = .seconds(30)

  /// `heartbeat_timeout`: how long a host may take to show etcd that it lives.
  public var heartbeatTimeout: Duration = .seconds(5)

  /// `keep_alive_interval`: the time between two heartbeats of a node.
  ///
  /// torchrun's is 5 s, because its heartbeats are changes of one value that all nodes poll.
  public var keepAliveInterval: Duration = .milliseconds(500)

  /// `keep_alive_max_attempt`: a node is lost when so many heartbeats in a row are missing.
  public var keepAliveMaxAttempt = 3

  /// `is_host`: whether this node is the host; `nil` finds out whether the endpoint is its own.
  public var isHost: Bool?

  /// `store_type`: `tcp` or `file`.
  public var storeType = StoreType.tcp

  /// `read_timeout`: how long a call of etcd may take, or another node may keep the file locked.
  public var readTimeout: Duration = .seconds(60)

  /// `timeout`: how long a static rendezvous waits for all nodes.
  public var timeout: Duration = .seconds(900)

  /// `rank`: this node's rank in a static rendezvous, unless `--node-rank` says it.
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

  /// Reads `key=value,key=value`; what is not named keeps its default.
  ///
  /// - Throws: ``ElasticError`` with code `usage` that names an unknown key or a bad value.
  public init(_ text: String) throws(ElasticError) {
    for entry in text.split(separator: ",") {
      let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.filter { !$0.isWhitespace } }
      guard parts.count == 2 else {
        throw ElasticError(.usage, "\(entry) has no value: give KEY=VALUE,KEY=VALUE")
      }
      guard let key = Key(rawValue: parts[0]) else {
        let keys = Key.allCases.map(\.rawValue).joined(separator: ", ")
        throw ElasticError(.usage, "there is no key \(parts[0]); there are \(keys)")
      }
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
    case .isHost: isHost = try Self.truth(text)
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

  private static func truth(_ text: String) throws(ElasticError) -> Bool {
    switch text.lowercased() {
    case "true", "t", "yes", "y", "1": return true
    case "false", "f", "no", "n", "0": return false
    default: throw ElasticError(.usage, "give true or false")
    }
  }
}
