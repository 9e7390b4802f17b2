extension RendezvousConfiguration {
  /// The registry that names the host; `nil` if the host is found at the endpoint.
  func registry() throws(ElasticError) -> (any HostRegistry)? {
    guard let endpoint else { return nil }
    switch backend {
    case .static: return nil
    case .c10d:
      guard settings.storeType == .file else { return nil }
      return try FileRegistry(
        path: endpoint.host, job: id, lease: lease, timeout: settings.readTimeout)
    case .etcd, .etcdV2:
      return EtcdRegistry(
        endpoint: endpoint, job: id, lease: lease, readTimeout: settings.readTimeout,
        heartbeatTimeout: settings.heartbeatTimeout)
    }
  }

  /// The lease of a registered host.
  ///
  /// It is longer than the time after which a silent node is lost, because an etcd that elects a
  /// new leader does not answer for a second or two.
  private var lease: Duration {
    let silence = settings.keepAliveInterval * settings.keepAliveMaxAttempt
    return .seconds(max(5, (silence * 2 / .seconds(1)).rounded(.up)))
  }
}
