import Dispatch
import Synchronization

/// This launcher's part in a ``HostRegister``: finds who hosts, takes the place if it is free, and keeps it.
package final class HostRegistration: Sendable {
  /// How long leaving may wait for a call of the register; after that, the lease runs out by itself.
  private static let withdrawalLimit = Duration.seconds(2)

  package let register: any HostRegister
  private let own: HostRecord
  private let server: RendezvousServer
  /// Counts the times that it took the place; a thread that keeps it ends when this goes on.
  private let tenure = Mutex(0)
  private let isWithdrawn = Atomic(false)
  private let doubt = DispatchSemaphore(value: 0)

  package init(_ register: any HostRegister, _ hello: NodeHello, _ server: RendezvousServer) {
    self.register = register
    own = HostRecord(hello)
    self.server = server
  }

  /// Who hosts; `nil` for nobody.
  ///
  /// - Throws: ``ElasticError`` as the register, or with code `rendezvousState` if something else uses it.
  func look() throws(ElasticError) -> (value: RegisterValue, host: HostRecord?) {
    let value = try register.look()
    if value.bytes.isEmpty { return (value, nil) }
    guard let host = HostRecord(value.bytes) else {
      throw ElasticError(
        .rendezvousState,
        "what \(register) holds for the job is no host's place: "
          + "\(String(decoding: value.bytes.prefix(80), as: UTF8.self)); choose another --rdzv-id")
    }
    return (value, host)
  }

  /// Takes the place if the register still says what it said; answers whether it did.
  func claim(after value: RegisterValue) throws(ElasticError) -> Bool {
    try register.replace(value.bytes, by: own.bytes)
  }

  /// Lets the server host, and shows the register from now on that it lives.
  func lead(_ coordinator: Coordinator) {
    server.lead(coordinator) { [doubt] in doubt.signal() }
    let mine = tenure.withLock { tenure in
      tenure += 1
      return tenure
    }
    startBackgroundThread { [self] in
      ThreadPriority.raise()
      while keep(mine) { pause() }
    }
  }

  /// Leaves the place to others; the server may be closed then.
  package func withdraw() {
    isWithdrawn.store(true, ordering: .relaxed)
    let end = ContinuousClock.now + Self.withdrawalLimit
    while ContinuousClock.now < end {
      let isDone: Void? = tenure.withLockIfAvailable { tenure in
        if tenure > 0 { _ = try? register.replace(own.bytes, by: []) }
      }
      if isDone != nil { return }
      Poll.sleep(.milliseconds(5))
    }
  }

  /// Renews the claim once; answers whether to go on.
  private func keep(_ mine: Int) -> Bool {
    tenure.withLock { tenure in
      guard tenure == mine, !isWithdrawn.load(ordering: .relaxed), server.seniority != nil
      else {
        return false
      }
      do throws(ElasticError) {
        if try register.renew(own.bytes) {
          server.isConfirmed()
          return true
        }
        let (value, host) = try look()
        if isWithdrawn.load(ordering: .relaxed) { return false }
        if let host, host != own {
          server.hear(claim: .registered, by: host.place)
          return false
        }
        if try claim(after: value) { server.isConfirmed() }
      } catch {
        server.isUnconfirmed("\(register): \(error.message)")
      }
      return true
    }
  }

  /// Waits until the next sign of life is due, or the host has to be sure.
  private func pause() {
    _ = doubt.wait(timeout: .now() + register.lease / .seconds(5))
    while doubt.wait(timeout: .now()) == .success {}
  }
}

extension Seniority {
  /// That of a host whom the register names: before all others.
  fileprivate static let registered = Seniority(isRunning: true, term: .max, rank: 0)
}
