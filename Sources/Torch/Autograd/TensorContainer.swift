@_spi(Reflection) import Swift

/// A value made of tensors that can be made again of other tensors.
///
/// Hooks and ``checkpointed(_:body:)`` replace the tensors of inputs and outputs. They find those
/// of tensors, optionals, arrays, dictionaries, tuples and structs by themselves. An enum with
/// tensors in its cases has to conform to this protocol.
public protocol TensorContainer {
  /// Returns the value with each tensor replaced by its transformation.
  func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> Self
}

extension Tensor {
  /// Returns a value with each of its tensors replaced by its transformation.
  ///
  /// Tensors in class instances, and in enums that are not a ``TensorContainer``, are not found.
  static func map<Value>(
    in value: Value, _ transform: (Tensor) throws -> Tensor
  ) rethrows -> Value {
    var copy = value
    try withUnsafeMutablePointer(to: &copy) { pointer in
      try replaceTensors(at: UnsafeMutableRawPointer(pointer), of: Value.self, transform)
    }
    return copy
  }

  /// The tensors of a value that can have gradients, in the order of ``map(in:_:)``.
  ///
  /// - Returns: `nil` if the value has such tensors where they cannot be replaced, which is a
  ///   failed operator.
  static func differentiable(in value: some Any, _ name: String) -> [Tensor]? {
    var found: [Tensor] = []
    _ = map(in: value) { tensor in
      if tensor.isDifferentiable { found.append(tensor) }
      return tensor
    }
    let known = Set(found.map(ObjectIdentifier.init))
    let lost = tensors(in: value).first {
      $0.isDifferentiable && !known.contains(ObjectIdentifier($0))
    }
    guard let lost else { return found }
    operatorFailed(
      "gradients of \(type(of: value))", lost.summary,
      "\(name) is a \(type(of: value)), which holds a tensor in an enum, so the tensor cannot be "
        + "replaced by one that records gradients: make the enum a TensorContainer, or use a struct"
    )
    return nil
  }

  /// Whether the tensor is defined and of a type that can have gradients.
  var isDifferentiable: Bool {
    isDefined && (dtype.isFloatingPoint || dtype.isComplex)
  }
}

/// Replaces the tensors of the value of a type at an address.
private func replaceTensors(
  at address: UnsafeMutableRawPointer, of type: Any.Type, _ transform: (Tensor) throws -> Tensor
) rethrows {
  if type == Tensor.self {
    let pointer = address.assumingMemoryBound(to: Tensor.self)
    pointer.pointee = try transform(pointer.pointee)
    return
  }
  if let container = type as? any TensorStorage.Type {
    return try container.replaceTensors(at: address, transform)
  }
  if let container = type as? any TensorContainer.Type {
    return try replace(at: address, of: container, transform)
  }
  if type is AnyObject.Type { return }
  var fields: [(offset: Int, type: Any.Type)] = []
  _forEachField(of: type) { _, offset, field, _ in
    fields.append((offset, field))
    return true
  }
  for field in fields { try replaceTensors(at: address + field.offset, of: field.type, transform) }
}

private func replace<Container: TensorContainer>(
  at address: UnsafeMutableRawPointer, of type: Container.Type,
  _ transform: (Tensor) throws -> Tensor
) rethrows {
  let pointer = address.assumingMemoryBound(to: Container.self)
  pointer.pointee = try pointer.pointee.mapTensors(transform)
}

/// A generic type of the standard library that stores values of its arguments.
private protocol TensorStorage {
  static func replaceTensors(
    at address: UnsafeMutableRawPointer, _ transform: (Tensor) throws -> Tensor
  ) rethrows
}

extension Optional: TensorStorage {
  static func replaceTensors(
    at address: UnsafeMutableRawPointer, _ transform: (Tensor) throws -> Tensor
  ) rethrows {
    let pointer = address.assumingMemoryBound(to: Wrapped?.self)
    pointer.pointee = try pointer.pointee.map { try Tensor.map(in: $0, transform) }
  }
}

extension Array: TensorStorage {
  static func replaceTensors(
    at address: UnsafeMutableRawPointer, _ transform: (Tensor) throws -> Tensor
  ) rethrows {
    let pointer = address.assumingMemoryBound(to: [Element].self)
    pointer.pointee = try pointer.pointee.map { try Tensor.map(in: $0, transform) }
  }
}

extension Dictionary: TensorStorage {
  static func replaceTensors(
    at address: UnsafeMutableRawPointer, _ transform: (Tensor) throws -> Tensor
  ) rethrows {
    let pointer = address.assumingMemoryBound(to: [Key: Value].self)
    pointer.pointee = try pointer.pointee.mapValues { try Tensor.map(in: $0, transform) }
  }
}
