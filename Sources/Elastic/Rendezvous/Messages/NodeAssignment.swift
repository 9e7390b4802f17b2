/// A node's place in one round.
package struct NodeAssignment: Codable, Sendable, Hashable {
  /// How often the job was taken over by another host.
  package var term: Int
  /// Counts all starts of the workers.
  package var round: Int
  /// Counts the starts that followed a failure.
  package var restarts: Int
  /// The node's rank, and the number of nodes.
  package var groupRank: Int
  package var groupWorldSize: Int
  /// The rank of its first worker, and the number of workers.
  package var firstRank: Int
  package var worldSize: Int
  /// The same among the workers of the same role.
  package var firstRoleRank: Int
  package var roleWorldSize: Int
  /// The workers' store.
  package var master: NodePlace
  /// Where the node that hosts is reached by the others, apart from the endpoint.
  package var host: NodePlace?
  /// Who takes over, one after the other, if the host is lost; the first few nodes by rank.
  package var successors: [NodePlace]
  /// All nodes of the round by rank; where there are many, only the host and rank 0's node are told.
  package var members: [Member] = []

  /// A node of the round, for people.
  package struct Member: Codable, Sendable, Hashable {
    package var groupRank: Int
    package var hostname: String
    package var address: String
    package var firstRank: Int
    package var workers: Int
  }
}
