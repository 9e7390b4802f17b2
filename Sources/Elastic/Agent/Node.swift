import Collectives
import Glibc
import Support

/// This machine as a node of a job: its address, its server, and its session with the coordinator.
struct Node {
  let hostName: String
  let address: String
  let session: any CoordinatorSession
  /// The server with which this node can host the rendezvous; `nil` in a single-node job.
  let server: RendezvousServer?
  /// This node's registration in a host registry; `nil` if the host is found at the endpoint.
  let registration: HostRegistration?

  /// The interface by which this machine reaches the other nodes; `nil` in a single-node job.
  var networkInterface: String? { server == nil ? nil : HostAddress.interfaces[address] }

  /// Creates the only node of a job: its coordinator runs in this process, without a port.
  init(single configuration: LaunchConfiguration) {
    hostName = Machine.hostName
    address = configuration.masterAddress
    session = LocalSession(
      NodeHello(
        job: configuration.rendezvous.id, minNodes: 1, maxNodes: 1,
        maxRestarts: configuration.maxRestarts, identity: "", hostName: hostName, pid: getpid(),
        address: NodeAddress(host: address, port: 0), workerCount: configuration.workerCount,
        role: configuration.role))
    server = nil
    registration = nil
  }

  /// Opens a port for other nodes, hosts the rendezvous if the endpoint belongs to this machine,
  /// and starts the session.
  init(withPeers configuration: LaunchConfiguration) throws(ElasticError) {
    let rendezvous = configuration.rendezvous
    guard var endpoint = rendezvous.endpoint else {
      throw ElasticError(.usage, "a multi-node job needs --rdzv-endpoint HOST:PORT")
    }
    endpoint.port = endpoint.port ?? rendezvous.backend.defaultPort
    let limits = CoordinatorLimits(rendezvous, shutdownTimeout: configuration.shutdownTimeout)
    let identity = String(UInt64.random(in: 0 ... .max), radix: 16)

    let registry = try rendezvous.registry()
    let server = RendezvousServer()
    do throws(ElasticError) {
      let isHost = registry == nil ? try Self.listen(at: endpoint, rendezvous, server) : false
      if isHost { server.host(Coordinator(limits: limits, host: identity)) }
      let address =
        try rendezvous.localAddress.map(Self.resolve)
        ?? (registry == nil
          ? Self.address(towards: endpoint)
          : Self.address(beside: rendezvous.settings.storeType == .file ? nil : endpoint))
      let port = try server.listen(
        address: HostAddress.isLoopback(address) ? address : nil, port: 0)
      server.setAddress(NodeAddress(host: address, port: port))
      let hostName = Machine.hostName
      let hello = NodeHello(
        job: rendezvous.id, minNodes: rendezvous.minNodes, maxNodes: rendezvous.maxNodes,
        maxRestarts: configuration.maxRestarts,
        nodeRank: rendezvous.backend == .static ? rendezvous.nodeRank : nil,
        identity: identity, hostName: hostName, pid: getpid(),
        address: NodeAddress(host: address, port: port), workerCount: configuration.workerCount,
        role: configuration.role)
      let registration = registry.map { HostRegistration($0, hello, server) }
      session = try NodeSession(
        SessionConfiguration(
          endpoint: endpoint, hello: hello, server: server, isHost: isHost,
          registration: registration, limits: limits,
          heartbeatInterval: rendezvous.settings.keepAliveInterval))
      self.hostName = hostName
      self.address = address
      self.server = server
      self.registration = registration
    } catch {
      server.close()
      throw error
    }
  }

  /// Listens at the endpoint if it belongs to this machine, and returns whether it does.
  private static func listen(
    at endpoint: Endpoint, _ rendezvous: RendezvousConfiguration, _ server: RendezvousServer
  ) throws(ElasticError) -> Bool {
    let isStatic = rendezvous.backend == .static
    let configured = rendezvous.settings.isHost ?? (isStatic ? rendezvous.nodeRank == 0 : nil)
    guard configured ?? isLocal(endpoint) else { return false }
    let isLoopback = endpoint.host == "localhost" || HostAddress.isLoopback(endpoint.host)
    for _ in 0..<50 {
      do throws(ElasticError) {
        _ = try server.listen(
          address: isLoopback ? endpoint.host : nil, port: endpoint.port ?? 0)
        return true
      } catch {
        guard error.code == .addressInUse && configured == nil else { throw error }
      }
      // Another node on this machine may be the host. If not, two nodes may have started to listen
      // at the same time, and the kernel refused both.
      if answers(endpoint) { return false }
      Poll.sleep(.milliseconds(Int.random(in: 1...20)))
    }
    return false
  }

  private static func answers(_ endpoint: Endpoint) -> Bool {
    guard case .success(let addresses) = HostAddress.resolve(endpoint.host, endpoint.port ?? 0)
    else { return false }
    return addresses.contains { (try? FrameSocket($0, within: .milliseconds(200))) != nil }
  }

  /// Whether the endpoint is one of this machine's addresses.
  private static func isLocal(_ endpoint: Endpoint) -> Bool {
    if HostAddress.isLoopback(endpoint.host) { return true }
    guard case .success(let addresses) = HostAddress.resolve(endpoint.host, 0) else {
      return false
    }
    let interfaces = HostAddress.interfaces
    return addresses.contains { interfaces[$0.text] != nil }
  }

  /// The IP address of a host, so that no other node has to resolve its name.
  private static func resolve(_ host: String) throws(ElasticError) -> String {
    switch HostAddress.resolve(host, 0) {
    case .success(let addresses):
      if let address = addresses.first { return address.text }
      throw ElasticError(
        .usage, "--local-addr \(host): the name has no address; give an address of this machine")
    case .failure(let failure):
      throw ElasticError(
        .usage, "--local-addr \(host): \(failure.reason); give an address of this machine")
    }
  }

  /// The address from which this machine reaches the endpoint; empty if it is not reachable.
  private static func address(towards endpoint: Endpoint) -> String {
    guard case .success(let addresses) = HostAddress.resolve(endpoint.host, endpoint.port ?? 0),
      let address = addresses.first, let own = address.localAddressTowards
    else { return "" }
    return own
  }

  /// The address from which this machine reaches a server or, without a server, most other
  /// machines.
  ///
  /// Nothing is sent to 192.0.2.1, which is reserved for documentation (RFC 5737); the kernel only
  /// selects a route.
  private static func address(beside server: Endpoint?) -> String {
    let own = server.map(address(towards:)) ?? ""
    if !own.isEmpty { return own }
    let route = address(towards: Endpoint(host: "192.0.2.1", port: 9))
    return route.isEmpty ? "127.0.0.1" : route
  }
}
