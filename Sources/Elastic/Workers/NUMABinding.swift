/// The set of processors to which a worker is bound: torchrun's `--numa-binding`.
///
/// A worker belongs to the NUMA node of its GPU; without GPUs, workers are distributed over the
/// nodes. Its memory is local too, because the kernel allocates a page on the node that touches it
/// first.
public enum NUMABinding: String, Sendable, Hashable, CaseIterable {
  /// All processors of the worker's NUMA node.
  case node
  /// All processors of the socket to which the worker's NUMA node belongs.
  case socket
  /// An equal share of the cores of the worker's NUMA node; no core is shared with another worker.
  case exclusive
  /// The processors of one last-level cache in the worker's NUMA node. Workers share a cache only
  /// if the node has more workers than caches.
  case coreComplex = "core-complex"

  /// The processors of each worker, indexed by local rank.
  ///
  /// - Parameters:
  ///   - workerNodes: The NUMA node of each worker.
  ///   - processors: The processors that may be used.
  /// - Returns: Processor numbers in ascending order. A worker's list is empty if its node has no
  ///   usable processor, or too few cores for an exclusive one.
  package func processors(workerNodes: [Int], of processors: [Processor]) -> [[Int]] {
    workerNodes.indices.map { worker in
      let node = workerNodes[worker]
      let local = processors.filter { $0.node == node }
      let workersOfNode = workerNodes.indices.filter { workerNodes[$0] == node }
      let index = workersOfNode.firstIndex(of: worker) ?? 0
      let chosen: [Processor]
      switch self {
      case .node:
        chosen = local
      case .socket:
        let sockets = Set(local.map(\.socket))
        chosen = processors.filter { sockets.contains($0.socket) }
      case .exclusive:
        let cores = Set(local.map(\.core)).sorted()
        let count = workersOfNode.count
        let share = cores[(index * cores.count / count)..<((index + 1) * cores.count / count)]
        chosen = local.filter { share.contains($0.core) }
      case .coreComplex:
        let caches = Set(local.map(\.cache)).sorted()
        chosen = caches.isEmpty ? [] : local.filter { $0.cache == caches[index % caches.count] }
      }
      return chosen.map(\.number).sorted()
    }
  }

  /// Distributes workers evenly over the NUMA nodes of the given processors.
  ///
  /// - Returns: The node of each worker. Consecutive local ranks share a node where possible.
  package static func distribute(workers: Int, over processors: [Processor]) -> [Int] {
    let nodes = Set(processors.map(\.node)).sorted()
    guard !nodes.isEmpty else { return Array(repeating: 0, count: workers) }
    return (0..<workers).map { nodes[$0 * nodes.count / workers] }
  }
}
