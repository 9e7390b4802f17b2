/// A value that is saved and restored with the rest of a job's state.
///
/// ```swift
/// let losses = StatefulValue([Double]())
/// losses.value.append(loss.item)
/// ```
public final class StatefulValue<Value: Codable>: Stateful {
  /// The value.
  public var value: Value

  /// Creates a box with an initial value.
  public init(_ value: Value) { self.value = value }

  /// Captures the value as JSON.
  public func captureState() throws(TorchError) -> State {
    var state = State()
    try state.set(value, for: "value")
    return state
  }

  /// Restores the value.
  public func restoreState(_ state: State) throws(TorchError) {
    value = try state.value("value")
  }
}
