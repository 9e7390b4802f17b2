/// An error that the failure of other ranks may have caused.
///
/// A rank that is lost makes its peers fail, and a peer may report its error first. The error
/// record therefore states the ranks that the error blames, and the launcher reports the rank that
/// failed by itself.
public protocol PeerError: Error {
  /// The ranks of the job whose loss caused this error: empty if they are not known, `nil` if the
  /// error has another cause.
  var blamedRanks: [Int]? { get }
}
