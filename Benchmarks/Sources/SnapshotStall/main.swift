import DataLoading
import Foundation
import Glibc
import Torch
import Training

// Compares how long a snapshot stalls training with how long it takes to write the snapshot.
//
//   SnapshotStall FOLDER [PARAMETERS] [TRIALS]
//
// Creates a model of PARAMETERS parameters (by default 110 million, as in BERT-base) with AdamW's
// moments. Prints for each trial the duration of `save`, the time until the snapshot is on disk,
// and their ratio.

/// Linear layers of BERT-base's hidden size, with about `parameterCount` parameters in total.
final class Weights: Module {
  let layers: [Linear]

  init(parameterCount: Int) {
    layers = (0..<max(1, parameterCount / (768 * 769))).map { _ in Linear(768, 768) }
  }

  func forward(_ x: Tensor) throws -> Tensor { try layers.reduce(x) { try $1($0) } }
}

func seconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
  print("usage: SnapshotStall FOLDER [PARAMETERS] [TRIALS]")
  exit(2)
}
let parameterCount = arguments.count > 2 ? Int(arguments[2]) ?? 0 : 110_000_000
let trials = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 7

let model = Weights(parameterCount: parameterCount)
let optimizer = AdamW(model.parameters, learningRate: 1e-4)
for parameter in model.parameters {
  parameter.grad = Tensor.full(parameter.shape, 1e-3)
}
try optimizer.step()
optimizer.zeroGrad()

let parts: SnapshotParts = ["model": model, "optimizer": optimizer]
var progress = TrainingProgress(RandomSampler(count: 1_000_000).position)
let snapshots = try Snapshots(
  arguments[1], options: .init(retention: SnapshotRetention(last: 1)))
let byteCount = try parts.values.flatMap { try $0.captureState().tensors.values }
  .reduce(0) { $0 + $1.byteCount }
print("\(byteCount / 1_000_000) MB per snapshot")

// The first step is not saved, but starts the preparation of the staging buffer in the background.
// The sleep gives it the time that it has in a training run.
progress.finishStep(samples: 8)
let untilPrepared = try seconds { try snapshots.saveIfDue(progress, parts) }
print("the first step waits \(fixed(untilPrepared)) s to start the preparation")
sleep(5)

var ratios: [Double] = []
for trial in 0..<trials {
  progress.finishStep(samples: 8)
  var stall = 0.0
  let blocking = try seconds {
    stall = try seconds { try snapshots.save(progress, parts) }
    try snapshots.finish()
  }
  ratios.append(stall / blocking)
  print(
    "trial \(trial): stall \(fixed(stall)) s, blocking save \(fixed(blocking)) s, "
      + "\(fixed(100 * stall / blocking)) %")
}
let sorted = ratios.sorted()
if let first = ratios.first, let low = sorted.first, let high = sorted.last {
  print(
    "median \(fixed(100 * sorted[sorted.count / 2])) %, "
      + "\(fixed(100 * low)) to \(fixed(100 * high)) %, "
      + "n \(sorted.count); first trial \(fixed(100 * first)) %")
}

func fixed(_ value: Double) -> String { String(format: "%.3f", value) }
