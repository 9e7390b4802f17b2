/// An error message that says that a peer was lost, for records that do not state whom they blame:
/// those of Python workers, and those that the launcher reads from a crashed worker's output.
package struct LostPeerMessage: Sendable, Hashable {
  /// The ranks that the message names.
  package var ranks: [Int]

  /// The messages of Gloo, NCCL, PyTorch's store and Lockstep's groups.
  private static let phrases = [
    "Connection closed by peer", "Connection reset by peer", "Broken pipe", "Socket closed",
    "remote process exited", "Connection was likely closed", "Connection was closed",
    "lost a peer", "while other ranks still use it",
  ]

  /// Recognizes a message; `nil` if it has another cause.
  package init?(_ message: String) {
    let named = /rank (\d+) (?:died:|left the group|aborted the group)|lost rank (\d+):/
    ranks = message.matches(of: named).compactMap { ($0.1 ?? $0.2).flatMap { Int($0) } }
    guard !ranks.isEmpty || Self.phrases.contains(where: message.contains) else { return nil }
  }
}
