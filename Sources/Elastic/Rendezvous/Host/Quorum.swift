/// The nodes of the last round that must be present before a new round may start.
///
/// Two parts of a split job must not both continue. A part continues if it has a majority of the
/// last round's nodes, except those that are known to have exited.
struct Quorum: Sendable {
  /// The number of nodes of the last round that may still be running.
  var voters = 0

  /// The number of nodes of the last round that a new host expects to rejoin.
  var expected = 0

  /// Whether exactly half of the voters suffices.
  var winsTies = true

  /// Whether no other part of the last round can continue without these nodes.
  func isReached(by present: Int) -> Bool {
    2 * present > voters || (winsTies && 2 * present == voters)
  }
}
