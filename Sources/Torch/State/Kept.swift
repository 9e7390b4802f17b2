/// A value of a program's own that is kept with the rest of a job's state.
///
/// ```swift
/// let losses = Kept([Double]())
/// losses.value.append(loss.item)
/// ```
public final class Kept<Value: Codable>: Stateful {
  /// The value.
  public var value: Value

  /// Keeps a value.
  public init(_ value: Value) { self.value = value }

  /// Returns the value as JSON.
  public func captureState() throws(TorchError) -> State {
    var state = State()
    try state.set(value, for: "value")
    return state
  }

  /// Replaces the value.
  public func restoreState(_ state: State) throws(TorchError) {
    value = try state.value("value")
  }
}
