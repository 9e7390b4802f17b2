/// A list of modules, like PyTorch's `nn.ModuleList`.
///
/// An array of modules as a property of a module does the same. A `ModuleList` is itself a module,
/// so it has ``Module/parameters``, ``Module/train(_:)`` and so on. It has no input: call its
/// elements.
///
/// ```swift
/// let layers = ModuleList((0..<3).map { _ in Linear(8, 8) })
/// for layer in layers { x = try layer(x).relu() }
/// ```
public final class ModuleList<Element>: Module, ModuleContainer {
  private var elements: [Element]

  /// Creates a list of modules of one type.
  public init(_ modules: [Element] = []) where Element: Module { elements = modules }

  /// Creates a list of modules of any type with the same input and output.
  public init<Input, Output>(_ modules: [Element])
  where Element == any Module<Input, Output> { elements = modules }

  var namedChildren: [(name: String, module: any Module)] {
    elements.enumerated().compactMap { index, element in
      (element as? any Module).map { ("\(index)", $0) }
    }
  }

  /// A list computes nothing.
  public func forward(_ input: Never) {}

  /// Nothing: the modules are printed.
  public var extraRepr: String { "" }
}

extension ModuleList: RandomAccessCollection, MutableCollection {
  /// The index of the first module, 0.
  public var startIndex: Int { 0 }

  /// The number of modules.
  public var endIndex: Int { elements.count }

  /// The module at an index.
  public subscript(index: Int) -> Element {
    get { elements[index] }
    set { elements[index] = newValue }
  }

  /// Adds a module to the end.
  public func append(_ module: Element) { elements.append(module) }

  /// Adds modules to the end; PyTorch's `extend`.
  public func append(contentsOf modules: some Sequence<Element>) {
    elements.append(contentsOf: modules)
  }

  /// Inserts a module.
  ///
  /// - Precondition: The index is from 0 to the number of modules.
  public func insert(_ module: Element, at index: Int) { elements.insert(module, at: index) }

  /// Removes the module at an index.
  ///
  /// - Precondition: There is a module at the index.
  @discardableResult
  public func remove(at index: Int) -> Element { elements.remove(at: index) }
}

extension ModuleList: ExpressibleByArrayLiteral where Element: Module {
  /// Creates a list of modules.
  public convenience init(arrayLiteral elements: Element...) { self.init(elements) }
}
