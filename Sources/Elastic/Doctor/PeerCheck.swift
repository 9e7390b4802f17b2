import Collectives
import Glibc

/// What `lockstep doctor` finds out about the way between nodes.
///
/// Node 0 opens a store at the endpoint, the others come to it; all of them run the same command. The sum
/// goes through that store over plain TCP, so it needs neither libtorch nor a program of the user's.
public struct PeerCheck: Sendable {
  private let endpoint: Endpoint
  private let nodes: Int
  private let nodeRank: Int
  private let timeout: Duration

  /// Prepares the check.
  ///
  /// - Parameters:
  ///   - endpoint: Where node 0 is; without a port, 29400.
  ///   - nodes: How many nodes take part; 1 only looks whether somebody listens at the endpoint.
  ///   - nodeRank: This node's number, from 0.
  ///   - timeout: How long to wait for the others.
  public init(endpoint: Endpoint, nodes: Int, nodeRank: Int, timeout: Duration) {
    self.endpoint = endpoint
    self.nodes = nodes
    self.nodeRank = nodeRank
    self.timeout = timeout
  }

  /// Looks at the way to the others; ends within the time limit for each step.
  public func findings() -> [Finding] {
    let port = endpoint.port ?? 29400
    let addresses: [String]
    switch HostAddress.resolve(endpoint.host, port) {
    case .failure(let failure):
      return [
        .problem(
          "\(endpoint.host) has no address: \(failure.reason)",
          "give node 0's address in digits, or put its name into /etc/hosts")
      ]
    case .success(let found): addresses = found.map(\.text)
    }
    let resolved = Finding.ok("\(endpoint.host) is \(addresses.joined(separator: ", "))")
    do throws(StoreError) {
      let isHost = nodes > 1 && nodeRank == 0
      let start = ContinuousClock.now
      let store = try TCPStore(
        host: endpoint.host, port: port, isHost: isHost, waitsForWorkers: false, timeout: timeout)
      let wait = (ContinuousClock.now - start) / .milliseconds(1)
      let reached =
        isHost
        ? "listens at \(endpoint.host):\(port)"
        : "reached \(endpoint.host):\(port) in \(Int(wait)) ms"
      guard nodes > 1 else { return [resolved, .ok(reached)] }
      let skew = try clocks(store)
      let sum = try allReduce(store, elements: 1 << 18)
      try part(store)
      return [resolved, .ok(reached), skew, sum]
    } catch {
      return [
        resolved,
        .problem(
          "no way to \(endpoint.host):\(port): \(error.message)",
          nodes > 1
            ? "run the same command on all \(nodes) nodes, each with its --node-rank; let the firewall "
              + "pass TCP port \(port) and those above 1024"
            : "start the job, or `lockstep doctor --nnodes 2` on node 0, first"),
      ]
    }
  }

  /// Compares this node's clock with node 0's; node 0 answers one node after the other.
  private func clocks(_ store: TCPStore) throws(StoreError) -> Finding {
    guard nodeRank > 0 else {
      for rank in 1..<nodes {
        _ = try store.get("doctor.ask.\(rank)", timeout: timeout)
        try store.set("doctor.time.\(rank)", String(WallClock.seconds))
      }
      return .ok("this node's clock is what the others compare theirs with")
    }
    let start = WallClock.seconds
    try store.set("doctor.ask.\(nodeRank)", "?")
    let theirs = Double(try store.getString("doctor.time.\(nodeRank)", timeout: timeout)) ?? 0
    let end = WallClock.seconds
    // Node 0 may have been late to answer: what it said lies somewhere between the two.
    let skew = theirs < start ? theirs - start : theirs > end ? theirs - end : 0
    let found = "the clock differs from node 0's by \(Int(abs(skew) * 1000)) ms at least"
    return abs(skew) < 0.1
      ? .ok(found)
      : .warning(found, "set the clocks by NTP: the first failure is found by their times")
  }

  /// Sums `elements` numbers of every node, checks the sum, and measures how long that takes.
  private func allReduce(_ store: TCPStore, elements: Int) throws(StoreError) -> Finding {
    let mine = [Float](repeating: Float(nodeRank + 1), count: elements)
    let start = ContinuousClock.now
    try store.set("doctor.part.\(nodeRank)", bytes(mine))
    if nodeRank == 0 {
      var sum = mine
      for rank in 1..<nodes {
        let part = floats(try store.get("doctor.part.\(rank)", timeout: timeout))
        guard part.count == elements else { continue }
        for index in sum.indices { sum[index] += part[index] }
      }
      try store.set("doctor.sum", bytes(sum))
    }
    let sum = floats(try store.get("doctor.sum", timeout: timeout))
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let expected = Float(nodes * (nodes + 1) / 2)
    guard sum.count == elements, sum.allSatisfy({ $0 == expected }) else {
      return .problem(
        "the sum over \(nodes) nodes is wrong",
        "two jobs may use this endpoint, or two nodes the same --node-rank: choose another port")
    }
    let megabytes = Double(elements * 4 * 2) / 1e6
    return .ok(
      "summed \(elements / 256) KiB over \(nodes) nodes in \(Int(seconds * 1000)) ms "
        + "(\(Int(megabytes / seconds)) MB/s through node 0)")
  }

  /// Node 0 keeps the store until all have what they need.
  private func part(_ store: TCPStore) throws(StoreError) {
    try store.set("doctor.done.\(nodeRank)", "")
    if nodeRank == 0 {
      try store.wait((0..<nodes).map { "doctor.done.\($0)" }, timeout: timeout)
    }
  }

  private func bytes(_ values: [Float]) -> [UInt8] { values.withUnsafeBytes { Array($0) } }

  private func floats(_ bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }
}
