import Support
import Synchronization

/// Finds the host in a ``HostRegistry``, registers this launcher there, and renews its lease.
package final class HostRegistration: Sendable {
  /// The time that ``withdraw()`` waits for a registry call in progress.
  ///
  /// If it passes, the registration remains until its lease expires.
  private static let withdrawalLimit = Duration.seconds(2)

  package let registry: any HostRegistry
  private let own: HostRecord
  private let server: RendezvousServer
  /// The number of times this launcher registered; each time, the earlier renewal thread ends.
  private let registrations = Mutex(0)
  private let isWithdrawn = Atomic(false)
  /// Whether the coordinator needs a confirmation before the next renewal is due.
  private let needsConfirmation = Monitor(false)

  package init(_ registry: any HostRegistry, _ hello: NodeHello, _ server: RendezvousServer) {
    self.registry = registry
    own = HostRecord(hello)
    self.server = server
  }

  /// Returns the registry's value and the host that it names; `nil` if no launcher is registered.
  ///
  /// - Throws: The registry's ``ElasticError``, or one with code `rendezvousState` if the value is
  ///   not a host record.
  func read() throws(ElasticError) -> (value: RegistryValue, host: HostRecord?) {
    let value = try registry.read()
    if value.bytes.isEmpty { return (value, nil) }
    guard let host = HostRecord(value.bytes) else {
      throw ElasticError(
        .rendezvousState,
        "the value of the job in \(registry) is not a host record: "
          + "\(String(decoding: value.bytes.prefix(80), as: UTF8.self)); choose another --rdzv-id")
    }
    return (value, host)
  }

  /// Registers this launcher if the registry still contains the value, and returns whether it did.
  func register(replacing value: RegistryValue) throws(ElasticError) -> Bool {
    try registry.compareSet(expected: value.bytes, desired: own.bytes)
  }

  /// Makes the server host the job, and renews the lease in a background thread.
  func host(_ coordinator: Coordinator) {
    server.host(coordinator) { [needsConfirmation] in needsConfirmation.change { $0 = true } }
    let number = registrations.withLock { registrations in
      registrations += 1
      return registrations
    }
    startBackgroundThread { [self] in
      ThreadPriority.raise()
      while renew(number) { waitForNextRenewal() }
    }
  }

  /// Removes the registration; the server can then be closed.
  package func withdraw() {
    isWithdrawn.store(true, ordering: .relaxed)
    let deadline = Deadline(after: Self.withdrawalLimit)
    while !deadline.hasPassed {
      let isDone: Void? = registrations.withLockIfAvailable { registrations in
        if registrations > 0 { _ = try? registry.compareSet(expected: own.bytes, desired: []) }
      }
      if isDone != nil { return }
      Poll.sleep(.milliseconds(5))
    }
  }

  /// Renews the registration once, and returns whether to continue.
  private func renew(_ number: Int) -> Bool {
    registrations.withLock { registrations in
      guard registrations == number, !isWithdrawn.load(ordering: .relaxed),
        server.precedence != nil
      else {
        return false
      }
      do throws(ElasticError) {
        if try registry.renew(own.bytes) {
          server.confirm()
          return true
        }
        let (value, host) = try read()
        if isWithdrawn.load(ordering: .relaxed) { return false }
        if let host, host != own {
          server.receiveAnnouncement(of: host.address, .registered)
          return false
        }
        if try register(replacing: value) { server.confirm() }
      } catch {
        server.registryFailed("\(registry): \(error.message)")
      }
      return true
    }
  }

  /// Waits until the next renewal is due, or the coordinator needs a confirmation.
  private func waitForNextRenewal() {
    _ = needsConfirmation.wait(until: Deadline(after: registry.lease / 5)) { needsConfirmation in
      defer { needsConfirmation = false }
      return needsConfirmation ? () : nil
    }
  }
}

extension HostPrecedence {
  /// The precedence of a host that the registry names: before all others.
  fileprivate static let registered = HostPrecedence(isRunning: true, term: .max, rank: 0)
}
