import DataLoading
import Foundation
import Torch
import Worker

/// Ends the process while four loader threads call libtorch.
///
/// - Parameter end: `return`, `exit` (with code 7), `stop`, `throw`, `shape` (an operator fails on
///   the main thread) or `loader-shape` (an operator fails on the loader threads).
/// - Throws: The error of `throw`, or an error of the loader.
func endWhileLoading(_ end: String) throws {
  let failsInLoader = end == "loader-shape"
  let loader = try DataLoader(
    InMemoryDataset(Array(0..<100_000)),
    batches: BatchSampler(RandomSampler(count: 100_000), batchSize: 8), workers: 4, prefetch: 64
  ) { rows in
    var samples = Tensor.randn([rows.count, 64])
    for _ in 0..<100 {
      samples = Tensor.cat(
        [samples.narrow(dim: 1, start: 1, length: 63), Tensor.randn([rows.count, 1])], dim: 1)
    }
    return failsInLoader && rows.contains { $0 % 100 == 0 }
      ? samples.matmul(Tensor.randn([63, 8])) : samples
  }
  let model = Linear(64, 8)
  let batches = try loader.batches()
  for step in 0... {
    guard let samples = try batches.next() else { break }
    guard step == 20 else {
      _ = try model(samples)
      continue
    }
    switch end {
    case "return": return
    case "exit": exit(7)
    case "stop": StopRequest.exit()
    case "throw": throw Ending(reason: "thrown while loading")
    case "shape": _ = try model(samples.narrow(dim: 1, start: 0, length: 63))
    default: continue
    }
  }
}

/// The error of a worker that ends by one.
struct Ending: Error, CustomStringConvertible {
  let reason: String
  var description: String { reason }
}
