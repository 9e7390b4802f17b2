/// The state that an optimizer stores for one parameter, such as its momentum.
///
/// ```swift
/// struct Momentum: ParameterState {
///   let buffer: Tensor
///   init(for parameter: Tensor) {
///     buffer = Tensor.zeros(parameter.shape, dtype: parameter.dtype, device: parameter.device)
///   }
///   var tensors: StateDict { ["momentum_buffer": buffer] }
/// }
/// ```
public protocol ParameterState {
  /// Creates the state of a parameter before its first update.
  init(for parameter: Tensor)

  /// The tensors of the state by name, sharing its memory; always the same names, shapes and types.
  var tensors: StateDict { get }
}

/// The states of an optimizer's parameters, each created at the first update of its parameter.
public struct ParameterStates<Value: ParameterState> {
  private var values: [ObjectIdentifier: Value] = [:]

  /// Creates an empty collection.
  public init() {}

  /// The state of a parameter; `nil` before its first update.
  public subscript(parameter: Tensor) -> Value? { values[ObjectIdentifier(parameter)] }

  /// Returns the state of a parameter, and creates it if there is none.
  public mutating func state(of parameter: Tensor) -> Value {
    let key = ObjectIdentifier(parameter)
    if let value = values[key] { return value }
    let value = Value(for: parameter)
    values[key] = value
    return value
  }
}
