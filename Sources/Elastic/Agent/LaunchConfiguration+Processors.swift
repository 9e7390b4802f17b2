extension LaunchConfiguration {
  /// The processors to which each worker is bound, by local rank; empty if workers are not bound.
  ///
  /// - Throws: ``ElasticError`` with code `usage` if no processor is left for a worker.
  func boundProcessors() throws(ElasticError) -> [[Int]] {
    guard let numaBinding else { return [] }
    let usable = Processor.usable()
    let gpus = Processor.nodesOfGPUs()
    let visible = DeviceCount.visibleGPUs
    let nodes = (0..<workerCount).map { worker in
      worker < visible.count ? gpus[visible[worker]] : nil
    }
    let known = nodes.compactMap { $0 }
    let workerNodes =
      known.count == workerCount
      ? known : NUMABinding.distribute(workers: workerCount, over: usable)
    let processors = numaBinding.processors(workerNodes: workerNodes, of: usable)
    if let worker = processors.firstIndex(where: \.isEmpty) {
      throw ElasticError(
        .usage,
        "--numa-binding \(numaBinding.rawValue): no processor is left for local rank \(worker) on "
          + "NUMA node \(workerNodes[worker]); start fewer workers, or use --numa-binding node")
    }
    return processors
  }
}
