/// What reflection finds in a module: all modules in it, and their tensors by name.
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

  /// Own tensors come before those of the parts, as in PyTorch.
  private mutating func visit(_ module: any Module, prefix: String) {
    modules.append(module)
    var parts: [(name: String, module: any Module)] = []
    for (label, value) in storedProperties(of: module) {
      let name = prefix + label
      switch value {
      case let tensor as Tensor:
        tensors.append(Entry(name: name, tensor: tensor, role: .parameter))
      case let buffer as Buffer:
        tensors.append(Entry(name: name, tensor: buffer.wrappedValue, role: .buffer))
      case let part as any Module:
        parts.append((name, part))
      case let list as [any Module]:
        parts += list.enumerated().map { ("\(name).\($0.offset)", $0.element) }
      default:
        break
      }
    }
    for part in parts { visit(part.module, prefix: part.name + ".") }
  }

  /// Names and values, those of base classes first, with property wrappers opened.
  private func storedProperties(of module: any Module) -> [(String, Any)] {
    var properties: [(String, Any)] = []
    var mirror: Mirror? = Mirror(reflecting: module)
    while let current = mirror {
      let own = current.children.compactMap { child -> (String, Any)? in
        guard let label = child.label else { return nil }
        if let named = child.value as? any NamedProperty { return (named.name, named.anyValue) }
        // A wrapper's storage is named with an underscore in front of the property's name.
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

/// Gives a parameter or a part another name than its property has.
///
/// Names of checkpoints are not always Swift names. With a value at the declaration:
/// `@Named("LayerNorm") var norm = LayerNorm(384)`; with one in `init`: `@Named var norm: LayerNorm`
/// and `_norm = Named(LayerNorm(size), as: "LayerNorm")`.
@propertyWrapper
public struct Named<Value>: NamedProperty {
  /// The parameter or part.
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

/// A tensor that belongs to a module's state but is not trained, such as a running mean.
@propertyWrapper
public struct Buffer {
  /// The tensor.
  public var wrappedValue: Tensor

  /// Marks a property as a buffer.
  public init(wrappedValue: Tensor) { self.wrappedValue = wrappedValue }
}
