/// A node's ranks and addresses in one round.
package struct NodeAssignment: Codable, Sendable, Hashable {
  /// The number of times another node became the host.
  package var term: Int
  /// The number of earlier starts of the workers.
  package var round: Int
  /// The number of restarts after failures.
  package var restarts: Int
  /// The rank of the node.
  package var groupRank: Int
  /// The number of nodes.
  package var groupWorldSize: Int
  /// The rank of the node's first worker.
  package var firstRank: Int
  /// The number of workers.
  package var worldSize: Int
  /// The rank of the node's first worker among the workers of the same role.
  package var firstRoleRank: Int
  /// The number of workers of the same role.
  package var roleWorldSize: Int
  /// The address of the workers' store.
  package var master: NodeAddress
  /// The address of the host's own server, which differs from the endpoint.
  package var host: NodeAddress?
  /// The nodes that take over, in this order, if the host is lost: the first few by rank.
  package var successors: [NodeAddress]
  /// All nodes of the round by rank; in large jobs, sent only to the host and rank 0's node.
  package var members: [Member] = []
  /// The failure that the round follows; `nil` if no worker failed before it.
  package var restartCause: FailureSummary?

  /// A node of the round, as the job's status shows it.
  package struct Member: Codable, Sendable, Hashable {
    package var groupRank: Int
    package var hostname: String
    package var address: String
    package var firstRank: Int
    package var workers: Int
  }
}
