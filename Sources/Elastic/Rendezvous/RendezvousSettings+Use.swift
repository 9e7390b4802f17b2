internal import Support

extension RendezvousConfiguration {
  /// Warnings about the keys in a value of `--rdzv-conf` that have no effect, one sentence each.
  ///
  /// - Parameters:
  ///   - text: The value.
  ///   - includingUnused: Whether to also name the keys that other backends use.
  /// - Returns: The warnings; empty if every key has an effect.
  public func warnings(about text: String, includingUnused: Bool = true) -> [String] {
    let how = settings.storeType == .file ? "store_type=file" : "the backend \(backend.rawValue)"
    let keys = text.split(separator: ",").map {
      $0.prefix { $0 != "=" }.filter { !$0.isWhitespace }
    }
    let known = RendezvousSettings.Key.allCases
    let unknown = keys.filter { RendezvousSettings.Key(rawValue: $0) == nil }.map { key in
      "\(EscapedText.of(key)) in --rdzv-conf is not a known key and has no effect; the keys are "
        + known.map(\.rawValue).joined(separator: ", ")
    }
    guard includingUnused else { return unknown }
    return unknown
      + known.filter { keys.contains($0.rawValue) && !$0.isUsed(by: self) }.map { key in
        "\(key.rawValue) in --rdzv-conf has no effect with \(how)\(key.remedy)"
      }
  }
}

extension RendezvousSettings.Key {
  func isUsed(by rendezvous: RendezvousConfiguration) -> Bool {
    let isStatic = rendezvous.backend == .static
    let isFile = rendezvous.settings.storeType == .file
    let isEtcd = rendezvous.backend == .etcd || rendezvous.backend == .etcdV2
    return switch self {
    case .closeTimeout, .keepAliveInterval, .keepAliveMaxAttempt: true
    case .joinTimeout, .lastCallTimeout, .storeType: !isStatic
    case .timeout, .rank: isStatic
    case .isHost: !isFile && !isEtcd
    case .readTimeout: isFile || isEtcd
    case .heartbeatTimeout: isEtcd
    }
  }

  /// The remedy, if there is one.
  fileprivate var remedy: String {
    switch self {
    case .heartbeatTimeout:
      ": a node is lost after keep_alive_interval times keep_alive_max_attempt"
    case .joinTimeout: ": a static rendezvous waits for timeout"
    case .timeout: ": set join_timeout, the time to wait for nodes"
    case .readTimeout, .lastCallTimeout, .closeTimeout, .keepAliveInterval, .keepAliveMaxAttempt,
      .isHost, .storeType, .rank:
      ""
    }
  }
}
