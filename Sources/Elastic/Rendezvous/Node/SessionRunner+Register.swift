import Collectives
import Glibc

extension SessionRunner {
  /// How a look at the register ended.
  private enum Look {
    case joined(FrameSocket)
    /// This launcher hosts from now on.
    case hosting
    /// There is nobody to join yet.
    case failed(reason: String, hasAnswered: Bool)
  }

  /// Finds the host by the register, or becomes it; `nil` when closed meanwhile.
  ///
  /// The place is free if the register is empty, if the machine that it names answers that no launcher
  /// listens there, or if the host has shown the register no sign of life for a lease.
  func seek(_ registration: HostRegistration) throws(ElasticError) -> FrameSocket? {
    let start = ContinuousClock.now
    var limit =
      assignment == nil ? min(membership.limits.join, .seconds(30)) : membership.limits.join
    var attempts = 0
    var pause = Duration.milliseconds(20)
    var watch = SilenceWatch(lease: registration.register.lease)
    if !leads { membership.server?.hold() }
    while true {
      attempts += 1
      let reason: String
      switch try look(registration, &watch) {
      case .joined(let socket): return socket
      case .hosting: continue
      case .failed(let why, let hasAnswered):
        reason = why
        if hasAnswered { limit = membership.limits.join }
      }
      let elapsed = ContinuousClock.now - start
      guard elapsed + pause < limit else {
        throw ElasticError(
          .rendezvousConnection,
          "node \(hello.hostName) cannot reach the rendezvous of job \(hello.job) through "
            + "\(registration.register) (\(reason); tried \(attempts) times in \(elapsed.seconds) s): "
            + "check that it runs, the address, the route and the firewalls")
      }
      if elapsed > .seconds(3) {
        mention("waiting for the host of the rendezvous, by \(registration.register) (\(reason))")
      }
      guard sleep(pause) else { return nil }
      pause = min(pause * 2, .milliseconds(500))
    }
  }

  private func look(
    _ registration: HostRegistration, _ watch: inout SilenceWatch
  ) throws(ElasticError) -> Look {
    do throws(ElasticError) {
      let (value, host) = try registration.look()
      let isSilent = watch.isSilent(value, now: .now)
      var reason = "another node was quicker to host"
      var isFree = true
      if let host {
        try checkReach(of: host)
        switch attempt(host.place, .seconds(1), patience: .seconds(1)) {
        case .joined(let socket): return .joined(socket)
        case .refused(let refusal): throw refusal.error
        case .redirected(let place):
          reason = "\(host.place) gives way to \(place)"
          isFree = false
        case .failed(let failure):
          reason = "the host, \(host.hostName) at \(host.place): \(failure.reason)"
          isFree = failure == .system(ECONNREFUSED) || isSilent
        }
      }
      guard isFree, try registration.claim(after: value) else {
        return .failed(reason: reason, hasAnswered: true)
      }
      startHosting(registration)
      return .hosting
    } catch {
      guard error.code == .rendezvousConnection else { throw error }
      return .failed(reason: error.message, hasAnswered: false)
    }
  }

  /// A loopback address in a register that several machines share leads each to itself.
  private func checkReach(of host: HostRecord) throws(ElasticError) {
    guard HostAddress.isLoopback(host.place.address), host.hostName != hello.hostName else {
      return
    }
    throw ElasticError(
      .rendezvousState,
      "the host of job \(hello.job), \(host.hostName), can only be reached by itself, at "
        + "\(host.place): give it an address of its network (--local-addr)")
  }

  private func startHosting(_ registration: HostRegistration) {
    var coordinator =
      assignment.map {
        Coordinator(
          limits: membership.limits, host: hello.identity, takingOver: $0, gone: 0,
          winsTies: true, now: .now)
      } ?? Coordinator(limits: membership.limits, host: hello.identity)
    coordinator.isConfirmed = true
    registration.lead(coordinator)
    leads = true
    tell(.becameHost)
  }
}
