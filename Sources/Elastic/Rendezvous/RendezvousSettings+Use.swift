extension RendezvousConfiguration {
  /// Warnings about the keys in a value of `--rdzv-conf` that have no effect, one sentence each.
  public func warnings(about text: String) -> [String] {
    let how = settings.storeType == .file ? "store_type=file" : "the backend \(backend.rawValue)"
    return RendezvousSettings.Key.allCases.compactMap { key in
      let isGiven = text.split(separator: ",").contains {
        $0.prefix { $0 != "=" }.filter { !$0.isWhitespace } == key.rawValue
      }
      return isGiven && !key.isUsed(by: self)
        ? "\(key.rawValue) in --rdzv-conf has no effect with \(how)\(key.remedy)" : nil
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
