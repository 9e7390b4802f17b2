/// A shared value that names the host of a job's rendezvous, changed by compare-and-set.
///
/// With a registry, nodes need no fixed endpoint: the launcher that registers its address is the
/// only host. An empty value means that no launcher is registered. A registry stores bytes;
/// ``HostRegistration`` defines their meaning.
package protocol HostRegistry: Sendable, CustomStringConvertible {
  /// The time for which a host stays registered without a renewal.
  var lease: Duration { get }

  /// Returns the current value.
  ///
  /// - Throws: ``ElasticError`` with code `rendezvousConnection` if a later call may succeed,
  ///   otherwise with `rendezvousState`.
  func read() throws(ElasticError) -> RegistryValue

  /// Replaces a value, if it is the current one, and returns whether it was.
  ///
  /// - Throws: ``ElasticError`` as ``read()``.
  func compareSet(expected: [UInt8], desired: [UInt8]) throws(ElasticError) -> Bool

  /// Renews the lease of a value, and returns whether it is still the current one.
  ///
  /// - Throws: ``ElasticError`` as ``read()``.
  func renew(_ value: [UInt8]) throws(ElasticError) -> Bool
}

/// A value read from a registry.
package struct RegistryValue: Sendable, Hashable {
  /// The value; empty if no launcher is registered.
  package var bytes: [UInt8]

  /// A number that changes with each renewal; `nil` if the registry removes a value that is not
  /// renewed.
  package var lastRenewal: Int64?

  package init(bytes: [UInt8], lastRenewal: Int64? = nil) {
    self.bytes = bytes
    self.lastRenewal = lastRenewal
  }
}

/// Detects that the lease of a value has expired.
///
/// It measures the time between two reads by this machine's clock, because the clocks of different
/// machines differ.
package struct LeaseWatch: Sendable {
  private let lease: Duration
  private var last: (value: RegistryValue, since: ContinuousClock.Instant)?

  package init(lease: Duration) { self.lease = lease }

  /// Records a value that was read, and returns whether its lease has expired.
  package mutating func hasExpired(
    _ value: RegistryValue, now: ContinuousClock.Instant
  ) -> Bool {
    guard value.lastRenewal != nil else { return false }
    guard let last, last.value == value else {
      last = (value, now)
      return false
    }
    return now - last.since > lease
  }
}
