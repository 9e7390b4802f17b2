public import Worker

/// A failure of a process group or one of its collectives, with its remedy.
public struct CollectiveError: Error, Sendable, CustomStringConvertible {
  /// The kind of an error; more kinds may be added.
  public struct Code: Hashable, Sendable, Codable, CustomStringConvertible {
    private enum Value: String, Codable {
      case invalidArgument, ranksMissing, peerLost, timedOut, mismatch, exhausted, aborted
      case unavailable, failed
    }
    private let value: Value

    /// The code's name.
    public var description: String { value.rawValue }

    /// An argument is invalid; the group remains usable.
    public static let invalidArgument = Code(value: .invalidArgument)
    /// Some ranks did not join a new group or a monitored barrier; the message names them.
    public static let ranksMissing = Code(value: .ranksMissing)
    /// A peer died or left; the group has to be recreated.
    public static let peerLost = Code(value: .peerLost)
    /// A collective exceeded its time limit; the group has to be recreated.
    public static let timedOut = Code(value: .timedOut)
    /// The ranks have different models, or started different collectives.
    public static let mismatch = Code(value: .mismatch)
    /// A rank has no more inputs and has notified the other ranks; the group remains usable.
    public static let exhausted = Code(value: .exhausted)
    /// This rank called ``ProcessGroup/abort(_:)``; the group has to be recreated.
    public static let aborted = Code(value: .aborted)
    /// The backend does not work between these ranks, but another one does.
    public static let unavailable = Code(value: .unavailable)
    /// The backend failed in another way; the group has to be recreated.
    public static let failed = Code(value: .failed)
  }

  /// The kind of the error.
  public let code: Code
  /// What happened, and the remedy.
  public let message: String
  /// The rank that reports the failure.
  public let rank: Int?
  /// The rank that was lost (`peerLost`), that the others wait for (`timedOut`), or that
  /// aborted the group (`failed`), where it is known.
  public let peer: Int?
  /// The underlying error.
  public let cause: (any Error)?

  /// Creates an error.
  public init(
    _ code: Code, _ message: String, rank: Int? = nil, peer: Int? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.rank = rank
    self.peer = peer
    self.cause = cause
  }

  /// The message, preceded by the rank where it is known.
  public var description: String { rank.map { "[rank \($0)] \(message)" } ?? message }
}

extension CollectiveError: PeerError {
  /// The lost ranks, numbered as in this error's group: empty if they are not known, `nil` if no
  /// rank was lost.
  public var blamedRanks: [Int]? {
    switch code {
    case .peerLost: peer.map { [$0] } ?? (cause as? any PeerError)?.blamedRanks ?? []
    // A rank that aborted the group states the reason in its own error.
    case .failed: peer.map { [$0] } ?? (cause as? any PeerError)?.blamedRanks
    case .ranksMissing: (cause as? any PeerError)?.blamedRanks
    default: nil
    }
  }
}

extension CollectiveError {
  /// The error for ranks that did not join a new group in time.
  package static func ranksMissing(
    _ missing: [Int], of worldSize: Int, within limit: Duration, seenBy rank: Int,
    cause: (any Error)? = nil
  ) -> CollectiveError {
    let joined = (0..<worldSize).filter { !missing.contains($0) }
    return CollectiveError(
      .ranksMissing,
      "\(rankList(missing)) of \(worldSize) did not join within \(limit); joined: "
        + "\(joined.isEmpty ? "none" : rankList(joined)). Start the missing ranks, check why they "
        + "exited, or check that all ranks use the same store and world size",
      rank: rank, cause: cause)
  }
}

/// Formats ranks for messages: "rank 1" or "ranks 1, 2".
package func rankList(_ ranks: [Int]) -> String {
  (ranks.count == 1 ? "rank " : "ranks ") + ranks.map(String.init).joined(separator: ", ")
}
