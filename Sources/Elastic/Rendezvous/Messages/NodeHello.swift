/// How a node introduces itself to the host of a rendezvous.
package struct NodeHello: Codable, Sendable, Hashable {
  /// The version of Lockstep that it runs; nodes of one job must run the same.
  package var version = LockstepVersion.current
  /// The job's name.
  package var job: String
  /// The least number of nodes with which the job runs.
  package var minNodes: Int
  /// The greatest number of nodes.
  package var maxNodes: Int
  /// How often the job is restarted after a failure.
  package var maxRestarts: Int
  /// The rank it was given, in a static rendezvous.
  package var nodeRank: Int?
  /// A random name of this launcher process, the same when it connects again.
  package var identity: String
  /// The machine's name, for people.
  package var hostName: String
  /// The launcher's process id, for people.
  package var pid: Int32
  /// Where other nodes reach this one: an address, never a name, and the port of its ``RendezvousServer``.
  package var place: NodePlace
  /// How many workers it runs.
  package var workerCount: Int
  /// The role of its workers.
  package var role: String
  /// Its place in the round that it was last in; `nil` for a node that is new.
  package var standing: Standing?

  /// How people are told of it: by its machine's name and its address.
  package var label: String { "\(hostName) (\(place.address))" }

  /// A place in a round.
  package struct Standing: Codable, Sendable, Hashable {
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
    identity: String, hostName: String, pid: Int32, place: NodePlace, workerCount: Int,
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
    self.place = place
    self.workerCount = workerCount
    self.role = role
  }
}

/// The one field that an introduction has had in all versions.
///
/// Who cannot read the rest can still be told why it may not take part.
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
  /// That of a node with another version; `nil` if it is the same.
  static func version(_ version: String, of node: String) -> Refusal? {
    guard version != LockstepVersion.current else { return nil }
    return Refusal(
      .state,
      "the job's host runs Lockstep \(LockstepVersion.current), this node (\(node)) runs "
        + "\(version): install the same on all nodes")
  }
}

/// Where a launcher listens.
package struct NodePlace: Codable, Sendable, Hashable, CustomStringConvertible {
  /// An IPv4 or IPv6 address.
  package var address: String
  package var port: Int

  package init(address: String, port: Int) {
    self.address = address
    self.port = port
  }

  package var description: String { "\(Endpoint(host: address, port: port))" }
}
