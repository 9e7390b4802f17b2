/// Gives a parameter or a submodule a name that differs from its property's.
///
/// Use it to match the names of a checkpoint. To set the value at the declaration, write
/// `@Named("LayerNorm") var norm = LayerNorm(384)`. To set it in `init`, write
/// `@Named var norm: LayerNorm` and `_norm = Named(LayerNorm(size), as: "LayerNorm")`.
@propertyWrapper
public struct Named<Value>: NamedProperty {
  /// The parameter or submodule.
  public var wrappedValue: Value
  let name: String
  var anyValue: Any { wrappedValue }

  /// Names a property at its declaration.
  public init(wrappedValue: Value, _ name: String) {
    self.init(wrappedValue, as: name)
  }

  /// Names a property in an initializer.
  public init(_ value: Value, as name: String) {
    wrappedValue = value
    self.name = name
  }
}

protocol NamedProperty {
  var name: String { get }
  var anyValue: Any { get }
}
