/// The submodules and named tensors of a module, found by reflection.
struct ModuleTree {
  enum Role { case parameter, buffer }

  struct Entry {
    var name: String
    var tensor: Tensor
    var role: Role
  }

  private(set) var modules: [AnyObject] = []
  private(set) var tensors: [Entry] = []

  init(_ root: any Module) {
    visit(root, prefix: "")
  }

  /// A module's own tensors precede those of its submodules, as in PyTorch.
  private mutating func visit(_ module: any Module, prefix: String) {
    modules.append(module)
    var submodules: [(name: String, module: any Module)] = []
    for (label, value) in storedProperties(of: module) {
      let name = prefix + label
      switch value {
      case let tensor as Tensor:
        tensors.append(Entry(name: name, tensor: tensor, role: .parameter))
      case let buffer as Buffer:
        tensors.append(Entry(name: name, tensor: buffer.wrappedValue, role: .buffer))
      case let submodule as any Module:
        submodules.append((name, submodule))
      case let list as [any Module]:
        submodules += list.enumerated().map { ("\(name).\($0.offset)", $0.element) }
      default:
        break
      }
    }
    for submodule in submodules { visit(submodule.module, prefix: submodule.name + ".") }
  }

  /// The names and values of stored properties, with property wrappers unwrapped; base classes
  /// first.
  private func storedProperties(of module: any Module) -> [(String, Any)] {
    var properties: [(String, Any)] = []
    var mirror: Mirror? = Mirror(reflecting: module)
    while let current = mirror {
      let own = current.children.compactMap { child -> (String, Any)? in
        guard let label = child.label else { return nil }
        if let named = child.value as? any NamedProperty { return (named.name, named.anyValue) }
        // The storage of a property wrapper is the property's name with a leading underscore.
        let name = child.value is Buffer ? String(label.drop { $0 == "_" }) : label
        return unwrapped(child.value).map { (name, $0) }
      }
      properties = own + properties
      mirror = current.superclassMirror
    }
    return properties
  }

  private func unwrapped(_ value: Any) -> Any? {
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else { return value }
    return mirror.children.first?.value
  }
}

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

/// A tensor that is part of a module's state but is not trained, such as a running mean.
@propertyWrapper
public struct Buffer {
  /// The tensor.
  public var wrappedValue: Tensor

  /// Marks a property as a buffer.
  public init(wrappedValue: Tensor) { self.wrappedValue = wrappedValue }
}
