import Elastic
import FoundationEssentials

extension Run {
  /// Reads the nodes of the job and their rendezvous from the options and environment variables.
  func rendezvousConfiguration(
    _ settings: Settings
  ) throws(ElasticError) -> RendezvousConfiguration {
    var configuration = RendezvousConfiguration()
    configuration.localAddress = settings.value(rendezvous.localAddress, "local-addr")?.text
    let id = settings.value(rendezvous.id, "rdzv-id")
    let givenID = id?.text.isEmpty == false ? id?.text : nil  // as torchrun: no id if it is empty
    configuration.id = givenID ?? configuration.id
    if try settings.flag(rendezvous.standalone, "standalone") {
      configuration.backend = .c10d
      configuration.id = givenID ?? randomID()
      return configuration
    }

    if let nodes = settings.value(rendezvous.nnodes, "nnodes") {
      let range = try nodes.parsed(RendezvousConfiguration.nodes)
      configuration.minNodes = range.lowerBound
      configuration.maxNodes = range.upperBound
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
    if configuration.backend == .static && configuration.maxNodes == 1 {
      configuration.nodeRank = 0  // whatever is given, the only node has rank 0
      if givenID == nil, settings.value(rendezvous.endpoint, "rdzv-endpoint") == nil,
        settings.value(rendezvous.masterPort, "master-port") == nil
      {
        configuration.id = randomID()  // as torchrun, which then runs a standalone job
      }
    }
    configuration.endpoint = try endpoint(settings, configuration)
    try configuration.check()
    return configuration
  }

  /// The endpoint as given or, for a static rendezvous of several nodes, the address of node 0.
  private func endpoint(
    _ settings: Settings, _ configuration: RendezvousConfiguration
  ) throws(ElasticError) -> Endpoint? {
    if let value = settings.value(rendezvous.endpoint, "rdzv-endpoint"), !value.text.isEmpty {
      if configuration.settings.storeType == .file { return Endpoint(host: value.text) }
      var endpoint = try value.parsed(Endpoint.init)
      endpoint.port = endpoint.port ?? configuration.backend.defaultPort
      return endpoint
    }
    guard configuration.backend == .static, configuration.maxNodes > 1 else { return nil }
    var endpoint = try masterAddress(settings) ?? Endpoint(host: "127.0.0.1")
    endpoint.port = try masterPort(settings) ?? configuration.backend.defaultPort
    return endpoint
  }

  /// The host in `--master-addr`, without a port; an IPv6 address may be in brackets.
  func masterAddress(_ settings: Settings) throws(ElasticError) -> Endpoint? {
    guard let value = settings.value(rendezvous.masterAddress, "master-addr") else { return nil }
    let endpoint = try value.parsed(Endpoint.init)
    guard endpoint.port == nil else { throw value.error("give the port in --master-port") }
    return endpoint
  }

  func masterPort(_ settings: Settings) throws(ElasticError) -> Int? {
    try settings.value(rendezvous.masterPort, "master-port")?.number(0...65535)
  }

  private func randomID() -> String {
    UUID().uuidString.lowercased()
  }
}
