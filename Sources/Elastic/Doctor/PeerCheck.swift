import Collectives
import Glibc
import Support

/// The checks of `lockstep doctor` on the network between nodes.
///
/// Every node runs the same command. Node 0 starts a store at the endpoint, and the others connect
/// to it. The nodes then compute a sum through that store, which needs neither libtorch nor a user
/// program.
public struct PeerCheck: Sendable {
  private let endpoint: Endpoint
  private let nodes: Int
  private let nodeRank: Int
  private let timeout: Duration

  /// Prepares the check.
  ///
  /// - Parameters:
  ///   - endpoint: The address of node 0; the port defaults to 29400.
  ///   - nodes: The number of nodes; 1 checks only that a store accepts connections at the
  ///     endpoint.
  ///   - nodeRank: The rank of this node, starting at 0.
  ///   - timeout: How long to wait for the other nodes, in each step.
  public init(endpoint: Endpoint, nodes: Int, nodeRank: Int, timeout: Duration) {
    self.endpoint = endpoint
    self.nodes = nodes
    self.nodeRank = nodeRank
    self.timeout = timeout
  }

  /// Runs the checks; each step is bounded by the timeout.
  ///
  /// - Returns: The findings, which end with the first problem.
  public func findings() -> [Finding] {
    let port = endpoint.port ?? 29400
    let addresses: [String]
    switch HostAddress.resolve(endpoint.host, port) {
    case .failure(let failure):
      return [
        .problem(
          "cannot resolve \(endpoint.host): \(failure.reason)",
          "use node 0's numeric address, or add its name to /etc/hosts")
      ]
    case .success(let found): addresses = found.map(\.text)
    }
    let resolved = Finding.ok("\(endpoint.host) resolves to \(addresses.joined(separator: ", "))")
    if nodes == 1, ForeignRendezvous.lockstepAnswers(at: endpoint.host, port) {
      return [resolved, .ok("a job of lockstep run answers at \(endpoint.host):\(port)")]
    }
    do throws(StoreError) {
      let isHost = nodes > 1 && nodeRank == 0
      let start = ContinuousClock.now
      let store = try TCPStore(
        host: endpoint.host, port: port, isHost: isHost, waitsForWorkers: false, timeout: timeout)
      let wait = (ContinuousClock.now - start) / .milliseconds(1)
      let reached =
        isHost
        ? "listening at \(endpoint.host):\(port)"
        : "connected to \(endpoint.host):\(port) in \(Int(wait)) ms"
      guard nodes > 1 else { return [resolved, .ok(reached)] }
      let skew = try clocks(store)
      let sum = try allReduce(store, elements: 1 << 18)
      try waitForAll(store)
      return [resolved, .ok(reached), skew, sum]
    } catch {
      return [
        resolved,
        .problem(
          "the check of \(endpoint.host):\(port) failed: \(error.message)",
          nodes > 1
            ? "run the same command on all \(nodes) nodes, each with its own --node-rank; allow "
              + "TCP port \(port) and all ports above 1024 in the firewall"
            : "start the job first, or run `lockstep doctor` with --nnodes 2 on node 0"),
      ]
    }
  }

  /// Compares this node's clock with node 0's.
  ///
  /// Node 0 answers the other nodes in rank order.
  private func clocks(_ store: TCPStore) throws(StoreError) -> Finding {
    guard nodeRank > 0 else {
      for rank in 1..<nodes {
        _ = try store.get("doctor.ask.\(rank)", timeout: timeout)
        try store.set("doctor.time.\(rank)", String(WallClock.seconds))
      }
      return .ok("the other nodes compare their clocks with this node's")
    }
    let start = WallClock.seconds
    try store.set("doctor.ask.\(nodeRank)", "?")
    let hostTime = Double(try store.getString("doctor.time.\(nodeRank)", timeout: timeout)) ?? 0
    let end = WallClock.seconds
    // Node 0 read its clock at an unknown time between `start` and `end`: this is the minimum skew.
    let skew = hostTime < start ? hostTime - start : hostTime > end ? hostTime - end : 0
    let found = "this node's clock differs from node 0's by at least \(Int(abs(skew) * 1000)) ms"
    return abs(skew) < 0.1
      ? .ok(found)
      : .warning(found, "synchronize the clocks with NTP: failures are ordered by their times")
  }

  /// Sums `elements` values over all nodes, checks the result, and measures the time.
  private func allReduce(_ store: TCPStore, elements: Int) throws(StoreError) -> Finding {
    let values = [Float](repeating: Float(nodeRank + 1), count: elements)
    let start = ContinuousClock.now
    try store.set("doctor.part.\(nodeRank)", bytes(values))
    if nodeRank == 0 {
      var sum = values
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
        "check that each node has its own --node-rank and that no other job uses this endpoint, or "
          + "use another port")
    }
    let megabytes = Double(elements * 4 * 2) / 1e6
    return .ok(
      "summed \(elements / 256) KiB over \(nodes) nodes in \(Int(seconds * 1000)) ms "
        + "(\(Int(megabytes / seconds)) MB/s through node 0)")
  }

  /// Keeps the store on node 0 open until all nodes have read their results.
  private func waitForAll(_ store: TCPStore) throws(StoreError) {
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
