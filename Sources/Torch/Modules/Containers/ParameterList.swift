/// A list of parameters, like PyTorch's `nn.ParameterList`.
///
/// Tensors that are added become parameters: a gradient is requested for them. An array of
/// parameters as a property of a module does the same. A `ParameterList` is itself a module. It has
/// no input.
public final class ParameterList: Module, ModuleContainer, ExpressibleByArrayLiteral {
  private var elements: [Tensor] = []

  /// Creates a list of parameters.
  public init(_ parameters: [Tensor] = []) {
    for parameter in parameters { append(parameter) }
  }

  /// Creates a list of parameters.
  public convenience init(arrayLiteral elements: Tensor...) { self.init(elements) }

  var namedChildren: [(name: String, module: any Module)] { [] }

  var namedTensors: [(name: String, tensor: Tensor)] {
    elements.enumerated().map { ("\($0.offset)", $0.element) }
  }

  /// A list computes nothing.
  public func forward(_ input: Never) {}
}

extension ParameterList: RandomAccessCollection {
  /// The index of the first parameter, 0.
  public var startIndex: Int { 0 }

  /// The number of parameters.
  public var endIndex: Int { elements.count }

  /// The parameter at an index.
  public subscript(index: Int) -> Tensor {
    get { elements[index] }
    set { elements[index] = asParameter(newValue) }
  }

  /// Adds a parameter to the end.
  public func append(_ parameter: Tensor) { elements.append(asParameter(parameter)) }

  private func asParameter(_ tensor: Tensor) -> Tensor {
    tensor.requiresGrad = true
    return tensor
  }
}
