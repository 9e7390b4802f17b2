/// A tensor that is part of a module's state but is not trained, such as a running mean.
///
/// PyTorch: `register_buffer`. A buffer may be optional: `@Buffer var mean: Tensor?`.
@propertyWrapper
public struct Buffer<Value: BufferValue> {
  /// The tensor.
  public var wrappedValue: Value

  /// Marks a property as a buffer.
  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

/// What a ``Buffer`` holds: a ``Tensor``, or an optional one.
public protocol BufferValue {
  /// The tensor, or `nil` if the module has none.
  var bufferTensor: Tensor? { get }
}

extension Tensor: BufferValue {
  /// The tensor itself.
  public var bufferTensor: Tensor? { self }
}

extension Optional: BufferValue where Wrapped == Tensor {
  /// The tensor, or `nil` if the module has none.
  public var bufferTensor: Tensor? { self }
}

protocol BufferProperty {
  var tensor: Tensor? { get }
}

extension Buffer: BufferProperty {
  var tensor: Tensor? { wrappedValue.bufferTensor }
}
