/// One value that all nodes of a job share and that changes by compare and set: who hosts the rendezvous.
///
/// It takes the place of a launcher that listens at a fixed endpoint: whoever writes its own place there
/// hosts, and nobody else. An empty value means nobody. What is written there is ``HostRegistration``'s
/// matter; a register moves bytes.
package protocol HostRegister: Sendable, CustomStringConvertible {
  /// How long a host that shows no sign of life keeps its place.
  var lease: Duration { get }

  /// The value now.
  ///
  /// - Throws: ``ElasticError``: `rendezvousConnection` if asking again may help, else `rendezvousState`.
  func look() throws(ElasticError) -> RegisterValue

  /// Replaces one value by another, and answers whether it was the old one.
  ///
  /// - Throws: ``ElasticError`` as ``look()``.
  func replace(_ old: [UInt8], by new: [UInt8]) throws(ElasticError) -> Bool

  /// Shows that the writer of a value lives; answers whether it is still there.
  ///
  /// - Throws: ``ElasticError`` as ``look()``.
  func renew(_ value: [UInt8]) throws(ElasticError) -> Bool
}

/// What a register says.
package struct RegisterValue: Sendable, Hashable {
  /// The value, empty for none.
  package var bytes: [UInt8]

  /// Changes with each sign of life; `nil` where a value vanishes by itself when its writer is silent.
  package var lastSign: Int64?

  package init(bytes: [UInt8], lastSign: Int64? = nil) {
    self.bytes = bytes
    self.lastSign = lastSign
  }
}

/// Notices that a value's writer has shown no sign of life for a lease.
///
/// Two looks are compared, by this machine's clock alone: clocks of machines differ.
package struct SilenceWatch: Sendable {
  private let lease: Duration
  private var seen: (value: RegisterValue, since: ContinuousClock.Instant)?

  package init(lease: Duration) { self.lease = lease }

  /// Takes in a look; answers whether the writer is silent.
  package mutating func isSilent(_ value: RegisterValue, now: ContinuousClock.Instant) -> Bool {
    guard value.lastSign != nil else { return false }
    guard let seen, seen.value == value else {
      seen = (value, now)
      return false
    }
    return now - seen.since > lease
  }
}
