/// To which of a machine's processors a worker is bound: torchrun's `--numa-binding`.
///
/// A worker belongs to the NUMA node of its GPU; without GPUs the workers are dealt out to the nodes.
/// Its memory follows, as the kernel takes pages from the node whose processor touches them first.
public enum NUMABinding: String, Sendable, Hashable, CaseIterable {
  /// All processors of the worker's NUMA node.
  case node
  /// All processors of the socket to which the worker's NUMA node belongs.
  case socket
  /// The worker's own share of its NUMA node: whole cores that no other worker gets.
  case exclusive
  /// The processors of one last-level cache in the worker's NUMA node, another for each worker as
  /// long as there are enough.
  case coreComplex = "core-complex"

  /// The processors of each worker, by local rank.
  ///
  /// - Parameters:
  ///   - workerNodes: The NUMA node of each worker.
  ///   - processors: The processors that may be used.
  /// - Returns: The numbers of the processors, ascending; empty for a worker whose node has none that
  ///   may be used, or too few cores to give it one of its own.
  package func processors(workerNodes: [Int], of processors: [Processor]) -> [[Int]] {
    workerNodes.indices.map { worker in
      let node = workerNodes[worker]
      let local = processors.filter { $0.node == node }
      let neighbours = workerNodes.indices.filter { workerNodes[$0] == node }
      let place = neighbours.firstIndex(of: worker) ?? 0
      let chosen: [Processor]
      switch self {
      case .node:
        chosen = local
      case .socket:
        let sockets = Set(local.map(\.socket))
        chosen = processors.filter { sockets.contains($0.socket) }
      case .exclusive:
        let cores = Set(local.map(\.core)).sorted()
        let share = cores[
          (place * cores.count / neighbours.count)..<((place + 1) * cores.count / neighbours.count)]
        chosen = local.filter { share.contains($0.core) }
      case .coreComplex:
        let caches = Set(local.map(\.cache)).sorted()
        chosen = caches.isEmpty ? [] : local.filter { $0.cache == caches[place % caches.count] }
      }
      return chosen.map(\.number).sorted()
    }
  }

  /// Deals `workers` out to the NUMA nodes in which processors may be used, neighbours together.
  package static func dealtOut(workers: Int, to processors: [Processor]) -> [Int] {
    let nodes = Set(processors.map(\.node)).sorted()
    guard !nodes.isEmpty else { return Array(repeating: 0, count: workers) }
    return (0..<workers).map { nodes[$0 * nodes.count / workers] }
  }
}
