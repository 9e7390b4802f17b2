import Elastic

extension Run {
  /// Decides from the options and variables which nodes take part and where they meet.
  func rendezvousConfiguration(
    _ settings: Settings
  ) throws(ElasticError) -> RendezvousConfiguration {
    var configuration = RendezvousConfiguration()
    configuration.id = settings.value(rendezvous.id, "rdzv-id")?.text ?? configuration.id
    configuration.localAddress = settings.value(rendezvous.localAddress, "local-addr")?.text
    if try settings.flag(rendezvous.standalone, "standalone") {
      configuration.backend = .c10d
      if configuration.id == "none" { configuration.id = randomID() }
      return configuration
    }

    if let nodes = settings.value(rendezvous.nnodes, "nnodes") {
      let range = try nodes.parsed(RendezvousConfiguration.nodes)
      (configuration.minNodes, configuration.maxNodes) = (range.lowerBound, range.upperBound)
    }
    if let backend = settings.value(rendezvous.backend, "rdzv-backend") {
      configuration.backend = try backend.parsed(RendezvousConfiguration.backend)
    }
    if let conf = settings.value(rendezvous.settings, "rdzv-conf") {
      configuration.settings = try conf.parsed(RendezvousSettings.init)
    }
    configuration.nodeRank =
      try settings.value(rendezvous.nodeRank, "node-rank")?.number(0...65535)
      ?? configuration.settings.rank ?? configuration.nodeRank
    configuration.endpoint = try endpoint(settings, configuration)
    try configuration.check()
    return configuration
  }

  /// Where nodes meet: as given or, for a static rendezvous of several, the address of node 0.
  private func endpoint(
    _ settings: Settings, _ configuration: RendezvousConfiguration
  ) throws(ElasticError) -> Endpoint? {
    if let given = settings.value(rendezvous.endpoint, "rdzv-endpoint"), !given.text.isEmpty {
      if configuration.settings.storeType == .file { return Endpoint(host: given.text) }
      var endpoint = try given.parsed(Endpoint.init)
      endpoint.port = endpoint.port ?? configuration.backend.defaultPort
      return endpoint
    }
    guard configuration.backend == .static, configuration.maxNodes > 1 else { return nil }
    var endpoint = try masterAddress(settings) ?? Endpoint(host: "127.0.0.1")
    endpoint.port = try masterPort(settings) ?? configuration.backend.defaultPort
    return endpoint
  }

  /// `--master-addr`: a host without a port; an IPv6 address with or without brackets.
  func masterAddress(_ settings: Settings) throws(ElasticError) -> Endpoint? {
    guard let given = settings.value(rendezvous.masterAddress, "master-addr") else { return nil }
    let endpoint = try given.parsed(Endpoint.init)
    guard endpoint.port == nil else { throw given.refused("the port goes to --master-port") }
    return endpoint
  }

  func masterPort(_ settings: Settings) throws(ElasticError) -> Int? {
    try settings.value(rendezvous.masterPort, "master-port")?.number(1...65535)
  }

  private func randomID() -> String {
    String(UInt64.random(in: 0 ... .max), radix: 16)
  }
}
