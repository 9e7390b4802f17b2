internal import Support

/// Modules by name, in the order in which they were added, like PyTorch's `nn.ModuleDict`.
///
/// A dictionary of modules as a property of a module does the same, with the modules sorted by
/// name. A `ModuleDict` is itself a module. It has no input: call its elements.
///
/// ```swift
/// let heads = ModuleDict(["tags": Linear(8, 5), "entities": Linear(8, 9)])
/// let tags = try heads["tags"]?(x)
/// ```
public final class ModuleDict<Element>: Module, ModuleContainer {
  private var elements: [(key: String, value: Element)] = []

  /// Creates modules of one type by name.
  ///
  /// - Precondition: Names are not empty and contain no period. Of two equal names the last one
  ///   counts.
  public init(
    _ modules: KeyValuePairs<String, Element> = [:], file: StaticString = #fileID,
    line: UInt = #line
  ) where Element: Module {
    for (name, module) in modules { set(name, module, file: file, line: line) }
  }

  /// Creates modules of any type with the same input and output by name.
  ///
  /// - Precondition: Names are not empty and contain no period. Of two equal names the last one
  ///   counts.
  public init<Input, Output>(
    _ modules: KeyValuePairs<String, Element>, file: StaticString = #fileID, line: UInt = #line
  ) where Element == any Module<Input, Output> {
    for (name, module) in modules { set(name, module, file: file, line: line) }
  }

  /// The number of modules.
  public var count: Int { elements.count }

  /// The names in order.
  public var keys: [String] { elements.map(\.key) }

  /// The modules in order.
  public var values: [Element] { elements.map(\.value) }

  /// The module of a name, or `nil` if there is none; assigning `nil` removes the module.
  ///
  /// - Precondition: A new name is not empty and contains no period.
  public subscript(
    name: String, file: StaticString = #fileID, line: UInt = #line
  ) -> Element? {
    get { elements.first { $0.key == name }?.value }
    set {
      if let newValue {
        set(name, newValue, file: file, line: line)
      } else {
        elements.removeAll { $0.key == name }
      }
    }
  }

  private func set(_ name: String, _ module: Element, file: StaticString, line: UInt) {
    requireModuleName(name, file: file, line: line)
    if let index = elements.firstIndex(where: { $0.key == name }) {
      elements[index].value = module
    } else {
      elements.append((name, module))
    }
  }

  var namedChildren: [(name: String, module: any Module)] {
    elements.compactMap { name, element in (element as? any Module).map { (name, $0) } }
  }

  /// A dictionary computes nothing.
  public func forward(_ input: Never) {}

  /// Nothing: the modules are printed.
  public var extraRepr: String { "" }
}

extension ModuleDict: Sequence {
  /// The names and modules in order.
  public func makeIterator() -> AnyIterator<(key: String, value: Element)> {
    AnyIterator(elements.makeIterator())
  }
}
