import CollectiveConformance
import Collectives

/// Runs the conformance suite, aborts, and rebuilds, with ranks as threads, over all engines that need no libtorch;
/// prints what was wrong and returns whether nothing was.
func runConformance() throws -> Bool {
  var problems: [String] = []
  for worldSize in [1, 2, 3] {
    let store = HashStore(timeout: .seconds(120))
    problems += try LocalProcessGroup.run(worldSize: worldSize, timeout: .seconds(120)) {
      conformanceProblems($0)
    }.joined()
    problems += try onRankThreads(worldSize) { rank in
      conformanceProblems(
        try SharedMemoryProcessGroup(
          store: store, rank: rank, worldSize: worldSize, timeout: .seconds(120)))
    }.flatMap { try $0.get() }
    print("\(worldSize) ranks done")
  }
  for generation in 0..<20 {
    let store = HashStore(timeout: .seconds(120))
    let failures = onRankThreads(3) { rank in
      let group = try SharedMemoryProcessGroup(
        store: store, rank: rank, worldSize: 3, timeout: .seconds(120))
      let memory = try group.allocate(count: 100_000, elementType: .float32)
      let works = try (0..<4).map { _ in try group.startAllReduce(memory) }
      if generation % 3 == rank { group.abort("enough") }
      for work in works { try work.wait() }
      try group.barrier()
    }
    for case .success in failures { problems.append("generation \(generation) was not aborted") }
  }
  for problem in problems { print(problem) }
  return problems.isEmpty
}
