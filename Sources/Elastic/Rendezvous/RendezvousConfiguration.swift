/// How the nodes of a job find each other: the evaluated `--rdzv-…` options.
public struct RendezvousConfiguration: Sendable, Hashable {
  /// The backend that keeps the list of nodes.
  public enum Backend: String, Sendable, Hashable, CaseIterable {
    /// Each node is given its rank, and the number of nodes never changes.
    case `static`
    /// One of the nodes, the host, keeps the list; nodes may join and leave.
    case c10d
    /// As `c10d`, but the nodes find the host through an etcd server.
    case etcd
    /// As `etcd`; torchrun's newer name.
    case etcdV2 = "etcd-v2"

    /// The port of an endpoint without a port, as in torchrun.
    public var defaultPort: Int {
      switch self {
      case .static: 29500
      case .c10d: 29400
      case .etcd, .etcdV2: 2379
      }
    }
  }

  /// The backend.
  public var backend = Backend.static

  /// The endpoint at which the nodes find each other; `nil` for a single-node job.
  ///
  /// With `store_type=file`, `host` is the path of the file.
  public var endpoint: Endpoint?

  /// The job id: only nodes with the same id form a job.
  public var id = "none"

  /// The smallest number of nodes with which the job runs.
  public var minNodes = 1

  /// The largest number of nodes.
  public var maxNodes = 1

  /// This node's rank in a static rendezvous; the other backends assign ranks.
  public var nodeRank = 0

  /// The address at which other nodes reach this one; `nil` determines it automatically.
  public var localAddress: String?

  /// The time limits and other settings of the rendezvous.
  public var settings = RendezvousSettings()

  /// Whether the job can have other nodes.
  public var hasPeers: Bool { endpoint != nil && maxNodes > 1 }

  /// Creates the configuration of a single-node job.
  public init() {}

  /// Parses the number of nodes: `N`, or `MIN:MAX` for a job that also runs with fewer nodes.
  ///
  /// - Throws: ``ElasticError`` with code `usage` if the text is invalid.
  public static func nodes(_ text: String) throws(ElasticError) -> ClosedRange<Int> {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let least = parts[0], let most = parts[parts.count - 1]
    else { throw ElasticError(.usage, "give a number of nodes, or MIN:MAX") }
    guard 0 < least, least <= most, most <= 65536 else {
      throw ElasticError(.usage, "the numbers must satisfy 0 < MIN <= MAX <= 65536")
    }
    return least...most
  }

  /// Parses the name of a backend.
  ///
  /// - Throws: ``ElasticError`` with code `usage` that lists the backends.
  public static func backend(_ text: String) throws(ElasticError) -> Backend {
    guard let backend = Backend(rawValue: text.lowercased()) else {
      let names = Backend.allCases.map(\.rawValue).joined(separator: ", ")
      throw ElasticError(.usage, "there is no such backend; use one of \(names)")
    }
    return backend
  }

  /// Checks that the options are consistent.
  ///
  /// - Throws: ``ElasticError`` with code `usage` that names the option to change.
  public func check() throws(ElasticError) {
    if endpoint == nil && maxNodes > 1 {
      throw ElasticError(
        .usage,
        "a job of \(maxNodes) nodes needs an endpoint: give --rdzv-endpoint HOST:PORT, the same on "
          + "all nodes")
    }
    if settings.storeType == .file && backend != .c10d {
      throw ElasticError(
        .usage,
        "store_type=file in --rdzv-conf requires --rdzv-backend c10d, not \(backend.rawValue)")
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
