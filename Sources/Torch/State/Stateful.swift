/// A part of a job whose state can be captured and restored.
///
/// Examples are a model, an optimizer, a schedule, random generators and a counter. A part that
/// restores its state continues with the same results to the bit.
///
/// ```swift
/// final class Statistics: Stateful {
///   var mean = Tensor.zeros([20])
///   var count = 0
///   func captureState() throws(TorchError) -> State {
///     var state = State(tensors: ["mean": mean])
///     try state.set(count, for: "count")
///     return state
///   }
///   func restoreState(_ state: State) throws(TorchError) {
///     let count = try state.value("count", as: Int.self)
///     try state.copyTensors(into: ["mean": mean], of: "statistics")
///     self.count = count
///   }
/// }
/// ```
public protocol Stateful: AnyObject {
  /// Returns the current state.
  ///
  /// Its tensors may share memory with the part. Copy those that must survive the next step.
  func captureState() throws(TorchError) -> State

  /// Restores a state, copying its tensors.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the state does not fit the part; the message
  ///   names the first difference, and nothing is changed.
  func restoreState(_ state: State) throws(TorchError)
}

extension State {
  /// Copies the tensors of the state into tensors of the same names, shapes and types.
  ///
  /// - Parameters:
  ///   - own: The tensors to overwrite, by name.
  ///   - owner: A description of their owner for the error message, such as `model`.
  /// - Throws: ``TorchError`` with code `mismatch`. The message names the first difference in the
  ///   order of the names, and nothing is copied.
  public func copyTensors(into own: StateDict, of owner: String) throws(TorchError) {
    try checkTensors(fit: own.mapValues(TensorForm.init), of: owner)
    noGrad {
      for (name, tensor) in own {
        if let given = tensors[name] { tensor.copy_(given) }
      }
    }
  }

  /// Compares names, shapes and types.
  func checkTensors(fit own: [String: TensorForm], of owner: String) throws(TorchError) {
    for name in Set(own.keys).union(tensors.keys).sorted() {
      switch (own[name], tensors[name].map(TensorForm.init)) {
      case (let mine?, let given?) where mine != given:
        throw TorchError(
          .mismatch,
          "'\(name)' was saved as \(given), but this \(owner) needs \(mine)")
      case (let mine?, nil):
        throw TorchError(
          .mismatch, "this \(owner) needs '\(name)', \(mine), but it was not saved")
      case (nil, let given?):
        throw TorchError(
          .mismatch, "'\(name)', \(given), was saved, but this \(owner) has no such tensor")
      default:
        break
      }
    }
  }
}

/// The type and shape of a tensor.
struct TensorForm: Equatable, CustomStringConvertible {
  var dtype: DType
  var shape: [Int]

  init(_ tensor: Tensor) {
    dtype = tensor.dtype
    shape = tensor.shape
  }

  var description: String { "\(dtype)\(shape)" }
}
