/// A part of a job whose state can be taken out, kept, and put back: a model, an optimizer, a
/// schedule, random generators, a counter.
///
/// A part that gets back the state that it gave goes on to the bit as it would have then.
///
/// ```swift
/// final class Statistics: Stateful {
///   var mean = Tensor(zeros: [20])
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
  /// Returns the present state.
  ///
  /// Its tensors may share memory with the part: whoever keeps them beyond the next step copies them.
  func captureState() throws(TorchError) -> State

  /// Goes on from a state, copying its tensors.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` when the state is not one of such a part; the
  ///   message names the first difference, and nothing has been changed.
  func restoreState(_ state: State) throws(TorchError)
}

extension State {
  /// Overwrites tensors with those of the same names, which have to be of the same shapes and types.
  ///
  /// - Parameters:
  ///   - own: The tensors to overwrite, by name.
  ///   - owner: What they are part of, for the message.
  /// - Throws: ``TorchError`` with code `mismatch`; it names the first difference in the order of the
  ///   names, and nothing has been copied.
  public func copyTensors(into own: StateDict, of owner: String) throws(TorchError) {
    try checkTensors(fit: own.mapValues(TensorForm.init), of: owner)
    withoutGradients {
      for (name, tensor) in own {
        if let given = tensors[name] { tensor.copy(from: given) }
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
          "'\(name)' was saved as \(given), but in this \(owner) it is \(mine)")
      case (let mine?, nil):
        throw TorchError(
          .mismatch, "'\(name)' of this \(owner), \(mine), is not among the saved tensors")
      case (nil, let given?):
        throw TorchError(
          .mismatch, "'\(name)' was saved, \(given), but this \(owner) has no such tensor")
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
