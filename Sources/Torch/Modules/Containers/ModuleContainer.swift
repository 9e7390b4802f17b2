/// A module whose submodules or parameters have names of their own, without that of a property.
///
/// Containers are ``Sequential``, ``ModuleList``, ``ModuleDict`` and ``ParameterList``.
protocol ModuleContainer: Module {
  /// The submodules with their names, in order.
  var namedChildren: [(name: String, module: any Module)] { get }
  /// The tensors with their names, in order.
  var namedTensors: [(name: String, tensor: Tensor)] { get }
}

extension ModuleContainer {
  var namedTensors: [(name: String, tensor: Tensor)] { [] }

  /// The name of the type without its generic arguments, as PyTorch prints it.
  var typeName: String { String("\(type(of: self))".prefix { $0 != "<" }) }
}
