/// A model or a part of one: its parameters, its submodules, and the function that they compute.
///
/// A module is a class. Its parameters are its stored properties of type ``Tensor`` for which a
/// gradient was requested; its submodules are the properties that are modules. Both are also found
/// in optionals, arrays, dictionaries, tuples, structs and enums. Names are those of the
/// properties, joined by dots, as in PyTorch: `encoder.layer.0.output.dense.weight`. ``Named``
/// gives a property another name; ``Buffer`` marks a tensor that is saved but not trained.
/// <doc:YourOwnModel> has all rules.
///
/// ```swift
/// final class Regression: Module {
///   let linear = Linear(20, 1)
///   func forward(_ x: Tensor) throws -> Tensor { try linear(x) }
/// }
/// ```
/// Parameters that cannot be found are never trained silently: ``namedParameters`` and the
/// properties that build on it are then a failed operator (``catchingTorchErrors(_:)``), which
/// names the property. Examples are a lazy property before its first use, a set of modules, and a
/// module in an object that is not a module. Closures cannot be searched.
///
/// A module that communicates with other ranks throws if one of them is lost, so calls of a module
/// can throw.
public protocol Module<Input, Output>: Stateful, CustomStringConvertible {
  /// The input of ``forward(_:)``.
  associatedtype Input
  /// The output of ``forward(_:)``.
  associatedtype Output

  /// Computes the output.
  ///
  /// Implementations that cannot fail need not be marked `throws`.
  ///
  /// - Throws: The errors of submodules and of communication with other ranks. A failed operator is
  ///   not thrown; see ``catchingTorchErrors(_:)``.
  func forward(_ input: Input) throws -> Output

  /// What ``description`` prints about the module itself, like PyTorch's `extra_repr`.
  ///
  /// The default lists the tensors that the module stores.
  var extraRepr: String { get }
}

/// A module that behaves differently in training and in evaluation.
public protocol ModeDependent: AnyObject {
  /// Whether the module is in training mode; initially `true`, as in PyTorch.
  var isTraining: Bool { get set }
}

extension Module {
  /// Computes the output.
  ///
  /// If an operator fails in the call, the error names this module by its path in the outermost
  /// module that was called.
  ///
  /// - Throws: The errors of ``forward(_:)``.
  public func callAsFunction(_ input: Input) throws -> Output {
    let calls = ModuleCalls.current
    calls.begin(self)
    defer { calls.end() }
    if let hooks = ModuleHooks.hooks(of: self) { return try forward(input, hooks) }
    return try forward(input)
  }

  /// The parameters with their names, in the order of PyTorch's `named_parameters`.
  ///
  /// A module's own parameters precede those of its submodules. A shared parameter appears once,
  /// under its first name.
  ///
  /// The result of a search by reflection is kept, and compared with the module before each use, so
  /// that a training loop can ask in each step. It is always that of a new search.
  public var namedParameters: [(name: String, tensor: Tensor)] {
    CachedTree.namedParameters(of: self)
  }

  /// The parameters in the order of ``namedParameters``.
  public var parameters: [Tensor] { CachedTree.parameters(of: self) }

  /// The buffers with their names: tensors that are part of the state but not trained.
  public var namedBuffers: [(name: String, tensor: Tensor)] {
    ModuleTree.complete(self).unique(.buffer)
  }

  /// The parameters and buffers by name; shared ones appear under each of their names.
  ///
  /// The tensors share the module's memory.
  public var stateDict: StateDict {
    StateDict(
      ModuleTree.complete(self).tensors.filter { $0.role != .constant }
        .map { ($0.name, $0.tensor) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The module itself and all of its submodules, at any depth; a shared module appears once.
  public var modules: [any Module] {
    var seen = Set<ObjectIdentifier>()
    return ModuleTree.complete(self).modules.map(\.module)
      .filter { seen.insert(ObjectIdentifier($0)).inserted }
  }

  /// Switches the module and its submodules to training or evaluation mode.
  public func train(_ isTraining: Bool = true) {
    for case let module as any ModeDependent in modules { module.isTraining = isTraining }
  }

  /// Switches the module and its submodules to evaluation mode, which disables dropout.
  public func eval() { train(false) }

  /// Sets all gradients to `nil`.
  public func zeroGrad() {
    for parameter in parameters { parameter.grad = nil }
  }

  /// Moves parameters, buffers and constants to a device, in place; existing optimizers stay valid.
  ///
  /// Results of recorded operators that a module stores stay where they are.
  public func move(to device: Device) {
    for entry in ModuleTree.complete(self).tensors
    where entry.tensor.device != device && entry.tensor.isLeaf {
      entry.tensor.moveData(to: device)
    }
  }
}
