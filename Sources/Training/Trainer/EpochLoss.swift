internal import Collectives
internal import Torch

/// The sum of this rank's losses in the current epoch.
final class EpochLoss: Stateful {
  private var sum = 0.0
  private var count = 0

  func add(_ losses: [Double]) {
    sum += losses.reduce(0, +)
    count += losses.count
  }

  func reset() {
    sum = 0
    count = 0
  }

  /// Returns the mean over the batches of all ranks, including those before a restart.
  func mean(over group: any ProcessGroup) throws(CollectiveError) -> Double {
    let sums = try group.allGather([sum, Double(count)])
    return sums.reduce(0) { $0 + $1[0] } / sums.reduce(0) { $0 + $1[1] }
  }

  func captureState() throws(TorchError) -> State {
    var state = State()
    try state.set(sum, for: "sum")
    try state.set(count, for: "count")
    return state
  }

  func restoreState(_ state: State) throws(TorchError) { try restoreState(fromShards: [state]) }
}

extension EpochLoss: ReshardableState {
  func restoreState(fromShards states: [State]) throws(TorchError) {
    let sums = try states.map { (state) throws(TorchError) in
      try state.value("sum", as: Double.self)
    }
    let counts = try states.map { (state) throws(TorchError) in
      try state.value("count", as: Int.self)
    }
    sum = sums.reduce(0, +)
    count = counts.reduce(0, +)
  }
}
