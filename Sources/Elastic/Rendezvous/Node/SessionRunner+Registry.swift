import Collectives
import Glibc

extension SessionRunner {
  /// The result of an attempt to find the host by the registry.
  private enum RegistryAttempt {
    case joined(FrameSocket)
    /// This launcher is the host now.
    case becameHost
    /// No host can be joined yet.
    case failed(reason: String, hasAnswered: Bool)
  }

  /// Joins the host that the registry names, or becomes the host; `nil` if the session is closed
  /// meanwhile.
  ///
  /// This launcher registers itself if the registry is empty, if the registered host refuses the
  /// connection, or if the host's lease has expired.
  func joinHost(by registration: HostRegistration) throws(ElasticError) -> FrameSocket? {
    let start = ContinuousClock.now
    var limit =
      assignment == nil
      ? min(configuration.limits.join, .seconds(30)) : configuration.limits.join
    var attempts = 0
    var pause = Duration.milliseconds(20)
    var watch = LeaseWatch(lease: registration.registry.lease)
    if !isHost { configuration.server?.suspend() }
    while true {
      attempts += 1
      let reason: String
      switch try tryRegistry(registration, &watch) {
      case .joined(let socket): return socket
      case .becameHost: continue
      case .failed(let why, let hasAnswered):
        reason = why
        if hasAnswered { limit = configuration.limits.join }
      }
      let elapsed = ContinuousClock.now - start
      guard elapsed + pause < limit else {
        throw ElasticError(
          .rendezvousConnection,
          "node \(hello.hostName) cannot reach the rendezvous of job \(hello.job) through "
            + "\(registration.registry) (\(reason); tried \(attempts) times in "
            + "\(elapsed.seconds) s): check that it is running, and check its address, the route "
            + "and the firewalls")
      }
      if elapsed > .seconds(3) {
        reportWait(
          "waiting for the host of the rendezvous, through \(registration.registry) (\(reason))")
      }
      guard sleep(pause) else { return nil }
      pause = min(pause * 2, .milliseconds(500))
    }
  }

  private func tryRegistry(
    _ registration: HostRegistration, _ watch: inout LeaseWatch
  ) throws(ElasticError) -> RegistryAttempt {
    do throws(ElasticError) {
      let (value, host) = try registration.read()
      let hasExpired = watch.hasExpired(value, now: .now)
      var reason = "another node registered first"
      var isFree = true
      if let host {
        try checkReachability(of: host)
        switch join(host.address, connectLimit: .seconds(1), helloLimit: .seconds(1)) {
        case .joined(let socket): return .joined(socket)
        case .refused(let refusal): throw refusal.error
        case .redirected(let other):
          reason = "the registered host \(host.address) redirects to \(other)"
          isFree = false
        case .failed(let failure):
          reason = "the host, \(host.hostName) at \(host.address): \(failure.reason)"
          isFree = failure == .system(ECONNREFUSED) || hasExpired
        }
      }
      guard isFree, try registration.register(replacing: value) else {
        return .failed(reason: reason, hasAnswered: true)
      }
      becomeHost(registration)
      return .becameHost
    } catch {
      guard error.code == .rendezvousConnection else { throw error }
      return .failed(reason: error.message, hasAnswered: false)
    }
  }

  /// Checks that the host's address is not the loopback address of another machine.
  private func checkReachability(of host: HostRecord) throws(ElasticError) {
    guard HostAddress.isLoopback(host.address.host), host.hostName != hello.hostName else {
      return
    }
    throw ElasticError(
      .rendezvousState,
      "the host of job \(hello.job), \(host.hostName), has the address \(host.address), which "
        + "other machines cannot reach: start it with --local-addr and an address of its network")
  }

  private func becomeHost(_ registration: HostRegistration) {
    let coordinator =
      assignment.map {
        Coordinator(
          limits: configuration.limits, host: hello.identity, takingOver: $0, exited: 0,
          winsTies: true, isRegistered: true, now: .now)
      }
      ?? Coordinator(limits: configuration.limits, host: hello.identity, isRegistered: true)
    registration.host(coordinator)
    isHost = true
    emit(.becameHost)
  }
}
