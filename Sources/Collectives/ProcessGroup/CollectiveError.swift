/// What went wrong between ranks, and what to rebuild.
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

    /// A value given by the caller makes no sense; the group is unharmed.
    public static let invalidArgument = Code(value: .invalidArgument)
    /// Not all ranks came, to a new group or a monitored barrier; the message names those that did not.
    public static let ranksMissing = Code(value: .ranksMissing)
    /// A peer has gone; the group is unusable and has to be made anew.
    public static let peerLost = Code(value: .peerLost)
    /// A collective took longer than its limit; the group is unusable and has to be made anew.
    public static let timedOut = Code(value: .timedOut)
    /// The ranks do not hold the same model, or do not make the same calls.
    public static let mismatch = Code(value: .mismatch)
    /// A rank has no more inputs, and the others were to be told; the group is unharmed.
    public static let exhausted = Code(value: .exhausted)
    /// This rank gave the group up, by ``ProcessGroup/abort(_:)``; it has to be made anew.
    public static let aborted = Code(value: .aborted)
    /// The engine cannot work between these ranks, another one can; the message says why.
    public static let unavailable = Code(value: .unavailable)
    /// The engine failed in another way; the group is unusable and has to be made anew.
    public static let failed = Code(value: .failed)
  }

  /// The kind of the error.
  public let code: Code
  /// What happened and what to do about it.
  public let message: String
  /// The rank that saw the failure.
  public let rank: Int?
  /// The rank that has gone (`peerLost`) or that the others wait for, where one is known.
  public let peer: Int?
  /// The failure below this one, if there is one.
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

  /// The message, after the rank where it is known.
  public var description: String { rank.map { "[rank \($0)] \(message)" } ?? message }
}

extension CollectiveError {
  /// Some ranks have not come to a new group.
  package static func ranksMissing(
    _ missing: [Int], of worldSize: Int, within limit: Duration, seenBy rank: Int,
    cause: (any Error)? = nil
  ) -> CollectiveError {
    let came = (0..<worldSize).filter { !missing.contains($0) }
    return CollectiveError(
      .ranksMissing,
      "\(rankList(missing)) did not come within \(limit); of \(worldSize) ranks \(rankList(came)) "
        + "came. Start the missing ones, look at why they ended, or check that all were given the "
        + "same store and world size",
      rank: rank, cause: cause)
  }
}

/// "rank 1", or "ranks 1, 2".
package func rankList(_ ranks: [Int]) -> String {
  (ranks.count == 1 ? "rank " : "ranks ") + ranks.map(String.init).joined(separator: ", ")
}
