extension RendezvousConfiguration {
  /// Where who hosts is found; `nil` if that is the launcher at the endpoint.
  func register() throws(ElasticError) -> (any HostRegister)? {
    guard let endpoint else { return nil }
    switch backend {
    case .static: return nil
    case .c10d:
      guard settings.storeType == .file else { return nil }
      return try FileRegister(
        path: endpoint.host, job: id, lease: lease, timeout: settings.readTimeout)
    case .etcd, .etcdV2:
      return EtcdRegister(
        endpoint: endpoint, job: id, lease: lease, readTimeout: settings.readTimeout,
        heartbeatTimeout: settings.heartbeatTimeout)
    }
  }

  /// How long a host that a register names may be silent: longer than nodes may be, as an etcd that
  /// elects a new leader does not answer for a second or two.
  private var lease: Duration {
    let silence = settings.keepAliveInterval * settings.keepAliveMaxAttempt
    return .seconds(max(5, (silence * 2 / .seconds(1)).rounded(.up)))
  }
}
