/// How the nodes of a job find each other: the decided form of the `--rdzv-…` options.
public struct RendezvousConfiguration: Sendable, Hashable {
  /// Who keeps the list of nodes.
  public enum Backend: String, Sendable, Hashable, CaseIterable {
    /// Nobody: each node is told its rank, and their number never changes.
    case `static`
    /// One of the nodes, the host; nodes may come and go.
    case c10d
    /// One of the nodes, which the others find by an etcd server; nodes may come and go.
    case etcd
    /// The same, by torchrun's newer name for it.
    case etcdV2 = "etcd-v2"

    /// The port that an endpoint without one means, as torchrun's.
    public var defaultPort: Int {
      switch self {
      case .static: 29500
      case .c10d: 29400
      case .etcd, .etcdV2: 2379
      }
    }
  }

  /// Who keeps the list of nodes.
  public var backend = Backend.static

  /// Where the nodes meet; `nil` for a job of one node that meets nobody.
  ///
  /// With `store_type=file` the host is the path of the file.
  public var endpoint: Endpoint?

  /// The job's name: nodes with another one do not meet.
  public var id = "none"

  /// The least number of nodes with which the job runs.
  public var minNodes = 1

  /// The greatest number of nodes.
  public var maxNodes = 1

  /// This node's rank in a static rendezvous; the other backends choose ranks themselves.
  public var nodeRank = 0

  /// The address by which other nodes reach this one; `nil` leaves it to the node to find out.
  public var localAddress: String?

  /// How patient nodes are with each other.
  public var settings = RendezvousSettings()

  /// Whether there are other nodes to meet.
  public var hasPeers: Bool { endpoint != nil && maxNodes > 1 }

  /// Creates the configuration of a job of one node that meets nobody.
  public init() {}

  /// Reads the number of nodes: `N`, or `MIN:MAX` for a job that goes on while some are missing.
  ///
  /// - Throws: ``ElasticError`` with code `usage` for anything else.
  public static func nodes(_ text: String) throws(ElasticError) -> ClosedRange<Int> {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let least = parts[0], let most = parts[parts.count - 1]
    else { throw ElasticError(.usage, "give a number of nodes, or MIN:MAX") }
    guard 0 < least, least <= most, most <= 65536 else {
      throw ElasticError(.usage, "give numbers with 0 < MIN <= MAX <= 65536")
    }
    return least...most
  }

  /// Reads a backend's name.
  ///
  /// - Throws: ``ElasticError`` with code `usage` that names the backends there are.
  public static func backend(_ text: String) throws(ElasticError) -> Backend {
    guard let backend = Backend(rawValue: text.lowercased()) else {
      let names = Backend.allCases.map(\.rawValue).joined(separator: ", ")
      throw ElasticError(.usage, "there is no such backend; there are \(names)")
    }
    return backend
  }

  /// Checks that its parts fit together.
  ///
  /// - Throws: ``ElasticError`` with code `usage` that says which option to change, and how.
  public func check() throws(ElasticError) {
    if endpoint == nil && maxNodes > 1 {
      throw ElasticError(
        .usage,
        "\(maxNodes) nodes need a place to meet: give --rdzv-endpoint HOST:PORT, the same on all of "
          + "them")
    }
    if settings.storeType == .file && backend != .c10d {
      throw ElasticError(
        .usage,
        "store_type=file in --rdzv-conf goes with --rdzv-backend c10d, not \(backend.rawValue)")
    }
    guard backend == .static else { return }
    guard minNodes == maxNodes else {
      throw ElasticError(
        .usage,
        "--nnodes \(minNodes):\(maxNodes): the number of nodes is fixed in a static rendezvous; "
          + "use --rdzv-backend c10d, or --nnodes \(maxNodes)")
    }
    guard nodeRank < maxNodes else {
      throw ElasticError(
        .usage,
        "--node-rank \(nodeRank): give a rank from 0 to \(maxNodes - 1) for --nnodes \(maxNodes)")
    }
  }
}
