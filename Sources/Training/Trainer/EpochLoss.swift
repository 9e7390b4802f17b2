internal import Collectives
internal import Torch

/// The weighted sum of this rank's losses in the current epoch.
final class EpochLoss: Stateful {
  private var sum = 0.0
  /// The sum of the weights: the number of batches, unless losses state other weights.
  private var weight = 0.0

  func add(_ losses: [Double], weights: [Double]) {
    sum += zip(losses, weights).map { $0 * $1 }.reduce(0, +)
    weight += weights.reduce(0, +)
  }

  func reset() {
    sum = 0
    weight = 0
  }

  /// Returns the mean over all ranks, including those before a restart.
  func mean(over group: any ProcessGroup) throws(CollectiveError) -> Double {
    let sums = try group.allGather([sum, weight])
    return sums.reduce(0) { $0 + $1[0] } / sums.reduce(0) { $0 + $1[1] }
  }

  func captureState() throws(TorchError) -> State {
    var state = State()
    try state.set(sum, for: "sum")
    try state.set(weight, for: "count")
    return state
  }

  func restoreState(_ state: State) throws(TorchError) { try restoreState(fromShards: [state]) }
}

extension EpochLoss: ReshardableState {
  func restoreState(fromShards states: [State]) throws(TorchError) {
    let sums = try states.map { (state) throws(TorchError) in
      try state.value("sum", as: Double.self)
    }
    let weights = try states.map { (state) throws(TorchError) in
      try state.value("count", as: Double.self)
    }
    sum = sums.reduce(0, +)
    weight = weights.reduce(0, +)
  }
}
