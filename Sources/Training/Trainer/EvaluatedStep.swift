internal import Torch

/// The step of the last evaluation, so that a resumed run repeats one that was interrupted.
final class EvaluatedStep: Stateful {
  /// The number of completed steps; `nil` before the first evaluation.
  var step: Int?

  func captureState() throws(TorchError) -> State {
    var state = State()
    try state.set(step, for: "step")
    return state
  }

  func restoreState(_ state: State) throws(TorchError) {
    step = try state.value("step", as: Int?.self)
  }
}
