/// A tensor that is part of a module's state but is not trained, such as a running mean.
@propertyWrapper
public struct Buffer {
  /// The tensor.
  public var wrappedValue: Tensor

  /// Marks a property as a buffer.
  public init(wrappedValue: Tensor) { self.wrappedValue = wrappedValue }
}
