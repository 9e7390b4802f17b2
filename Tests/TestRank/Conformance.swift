import CollectiveConformance
import Collectives

/// Runs the conformance suite, and aborts and recreates groups, with ranks as threads, on all
/// backends that need no libtorch.
///
/// Prints the problems and returns whether there were none.
func runConformance() throws -> Bool {
  let limit = Duration.seconds(120)
  var report = ConformanceReport()
  for worldSize in [1, 2, 3] {
    let locals = LocalGroups(timeout: limit)
    let shared = sharedMemory(HashStore(), timeout: limit)
    try report.add("local", worldSize) { try locals.make("world", $0, worldSize) }
    try report.add("shm", worldSize) { try shared("world", $0, worldSize) }
  }
  for sizes in [[2, 1], [1, 2]] {
    let locals = LocalGroups(timeout: limit)
    let shared = sharedMemory(HashStore(), timeout: limit)
    try report.add("shm+local on hosts of \(sizes)", 3) {
      try hierarchical(sizes, rank: $0, inside: shared, between: locals.make)
    }
    let both = sharedMemory(HashStore(), timeout: limit)
    try report.add("shm+shm on hosts of \(sizes)", 3) {
      try hierarchical(sizes, rank: $0, inside: both, between: both)
    }
  }
  for generation in 0..<20 {
    let shared = sharedMemory(HashStore(), timeout: limit)
    let failures = onRankThreads(3) { rank in
      let group = try shared("world", rank, 3)
      let memory = try group.allocate(count: 100_000, elementType: .float32)
      let works = try (0..<4).map { _ in try group.startAllReduce(memory) }
      if generation % 3 == rank { group.abort("enough") }
      for work in works { try work.wait() }
      try group.barrier()
    }
    for case .success in failures { report.add(["generation \(generation) was not aborted"]) }
  }
  return report.isClean
}
