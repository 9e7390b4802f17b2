/// A node's introduction to the host of a rendezvous.
package struct NodeHello: Codable, Sendable, Hashable {
  /// The node's version of Lockstep; all nodes of a job must run the same version.
  package var version = LockstepVersion.current
  /// The job id.
  package var job: String
  /// The smallest number of nodes with which the job runs.
  package var minNodes: Int
  /// The largest number of nodes.
  package var maxNodes: Int
  /// The number of restarts after failures.
  package var maxRestarts: Int
  /// The node's rank in a static rendezvous; `nil` in other rendezvous.
  package var nodeRank: Int?
  /// A random id of the launcher process, the same when it reconnects.
  package var identity: String
  /// The machine's name, for messages.
  package var hostName: String
  /// The launcher's process id, for messages.
  package var pid: Int32
  /// The address of the node's ``RendezvousServer``: an IP address, never a name.
  package var address: NodeAddress
  /// The number of workers on the node.
  package var workerCount: Int
  /// The role of its workers.
  package var role: String
  /// The last round in which the node took part; `nil` for a new node.
  package var lastRound: LastRound?

  /// The name of the node in messages: its host name and its address.
  package var label: String { "\(hostName) (\(address.host))" }

  /// A node's part in the last round.
  package struct LastRound: Codable, Sendable, Hashable {
    package var term: Int
    package var round: Int
    package var groupRank: Int
    package var restarts: Int

    package init(term: Int, round: Int, groupRank: Int, restarts: Int = 0) {
      self.term = term
      self.round = round
      self.groupRank = groupRank
      self.restarts = restarts
    }
  }

  package init(
    job: String, minNodes: Int, maxNodes: Int, maxRestarts: Int, nodeRank: Int? = nil,
    identity: String, hostName: String, pid: Int32, address: NodeAddress, workerCount: Int,
    role: String
  ) {
    self.job = job
    self.minNodes = minNodes
    self.maxNodes = maxNodes
    self.maxRestarts = maxRestarts
    self.nodeRank = nodeRank
    self.identity = identity
    self.hostName = hostName
    self.pid = pid
    self.address = address
    self.workerCount = workerCount
    self.role = role
  }

  private enum CodingKeys: String, CodingKey {
    case version, job, minNodes, maxNodes, maxRestarts, nodeRank, identity, hostName, pid
    case address = "place"
    case workerCount, role
    case lastRound = "standing"
  }
}

/// The version in a hello, the one field that every version of the message has.
///
/// If a host cannot decode a node's hello, it can still report the versions of both.
struct HelloVersion: Decodable {
  private struct Content: Decodable { var version: String }
  private enum Key: String, CodingKey { case hello }
  private enum Label: String, CodingKey { case content = "_0" }

  let version: String

  init(from decoder: any Decoder) throws {
    let message = try decoder.container(keyedBy: Key.self)
    let hello = try message.nestedContainer(keyedBy: Label.self, forKey: .hello)
    version = try hello.decode(Content.self, forKey: .content).version
  }
}

extension Refusal {
  /// The refusal of a node whose version differs; `nil` if the versions are equal.
  static func version(_ version: String, of node: String) -> Refusal? {
    guard version != LockstepVersion.current else { return nil }
    return Refusal(
      .state,
      "the job's host runs Lockstep \(LockstepVersion.current), this node (\(node)) runs "
        + "\(version): install the same version on all nodes")
  }
}

/// The address at which a launcher listens.
package struct NodeAddress: Codable, Sendable, Hashable, CustomStringConvertible {
  /// An IPv4 or IPv6 address; for an endpoint, possibly a name.
  package var host: String
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  package var description: String { "\(Endpoint(host: host, port: port))" }

  private enum CodingKeys: String, CodingKey {
    case host = "address"
    case port
  }
}
