internal import Support

/// Modules that are called one after the other, like PyTorch's `nn.Sequential`.
///
/// The output of each module is the input of the next. Parameters have the names of PyTorch:
/// `0.weight`, `2.weight`.
///
/// ```swift
/// let model = Sequential {
///   Linear(20, 128)
///   ReLU()
///   Linear(128, 10)
/// }
/// let logits = try model(x)
/// ```
/// `if`, `for` and functions that return `any Module<Tensor, Tensor>` work in the braces.
public final class Sequential: Module, ModuleContainer {
  /// A module from a tensor to a tensor.
  public typealias Layer = any Module<Tensor, Tensor>

  private var layers: [(name: String, layer: Layer)]

  /// Creates a sequence of modules.
  public init(@SequentialBuilder _ layers: () throws -> [Layer]) rethrows {
    self.layers = numbered(try layers())
  }

  /// Creates a sequence of modules.
  public init(_ layers: Layer...) { self.layers = numbered(layers) }

  /// Creates a sequence of modules.
  public init(_ layers: [Layer]) { self.layers = numbered(layers) }

  /// Creates a sequence of modules with names, like PyTorch's `Sequential(OrderedDict(…))`.
  ///
  /// ```swift
  /// let model = Sequential(["hidden": Linear(20, 128), "head": Linear(128, 10)])
  /// ```
  /// - Precondition: Names differ, are not empty and contain no period.
  public init(
    _ layers: KeyValuePairs<String, Layer>, file: StaticString = #fileID, line: UInt = #line
  ) {
    var names: Set<String> = []
    for name in layers.map(\.key) {
      requireModuleName(name, file: file, line: line)
      require(
        names.insert(name).inserted, "two modules have the name '\(name)': rename one", file: file,
        line: line)
    }
    self.layers = layers.map { (name: $0.key, layer: $0.value) }
  }

  /// Calls the modules, each with the output of the one before.
  ///
  /// - Throws: The errors of the modules.
  public func forward(_ input: Tensor) throws -> Tensor {
    var value = input
    for (_, layer) in layers { value = try layer(value) }
    return value
  }

  var namedChildren: [(name: String, module: any Module)] { layers.map { ($0.name, $0.layer) } }

  /// Nothing: the modules are printed.
  public var extraRepr: String { "" }
}

extension Sequential: Sequence {
  /// The number of modules.
  public var count: Int { layers.count }

  /// The module at an index; a negative one counts from the end, as in PyTorch.
  ///
  /// - Precondition: There is a module at the index.
  public subscript(index: Int) -> Layer {
    get { layers[position(index)].layer }
    set { layers[position(index)].layer = newValue }
  }

  /// A sequence of the modules in a range, which it shares with this one.
  public subscript(range: some RangeExpression<Int>) -> Sequential {
    let part = Sequential()
    part.layers = numbered(layers[range.relative(to: layers.indices)].map(\.layer))
    return part
  }

  /// Adds a module to the end.
  public func append(_ layer: Layer) { layers.append(("\(layers.count)", layer)) }

  /// Inserts a module; the names of the following ones change to their new indices.
  ///
  /// - Precondition: The index is from 0 to ``count``.
  public func insert(_ layer: Layer, at index: Int) {
    var all = layers.map(\.layer)
    all.insert(layer, at: index)
    layers = numbered(all)
  }

  /// Removes the module at an index; the names of the following ones change to their new indices.
  ///
  /// - Precondition: There is a module at the index.
  @discardableResult
  public func remove(at index: Int) -> Layer {
    var all = layers.map(\.layer)
    let removed = all.remove(at: position(index))
    layers = numbered(all)
    return removed
  }

  /// The modules in order.
  public func makeIterator() -> AnyIterator<Layer> {
    AnyIterator(layers.map(\.layer).makeIterator())
  }

  private func position(_ index: Int) -> Int { index < 0 ? index + layers.count : index }
}

private func numbered(_ layers: [Sequential.Layer]) -> [(name: String, layer: Sequential.Layer)] {
  layers.enumerated().map { ("\($0.offset)", $0.element) }
}
