/// A part of a model: its parameters, its parts, and the function that they compute.
///
/// A module is a class. Its parameters are its stored properties of type ``Tensor``, its parts the
/// properties that are modules or arrays of modules, and their names are the properties' names,
/// joined by dots, as in PyTorch: `encoder.layer.0.output.dense.weight`. ``Named`` gives another name,
/// ``Buffer`` marks a tensor that is saved but not trained.
///
/// ```swift
/// final class Regression: Module {
///   let linear = Linear(20, 1)
///   func forward(_ x: Tensor) -> Tensor { linear(x) }
/// }
/// ```
public protocol Module<Input, Output>: Stateful {
  /// What ``forward(_:)`` takes.
  associatedtype Input
  /// What ``forward(_:)`` returns.
  associatedtype Output

  /// Computes the module's function.
  func forward(_ input: Input) -> Output
}

/// A module that behaves differently in training and in evaluation.
public protocol ModeDependent: AnyObject {
  /// Whether the module is in training; `true` at first, as in PyTorch.
  var isTraining: Bool { get set }
}

extension Module {
  /// Computes the module's function.
  public func callAsFunction(_ input: Input) -> Output { forward(input) }

  /// Parameters with their names, in the order of PyTorch's `named_parameters`.
  ///
  /// Own ones come before those of the parts; one that appears twice is given once, under its first
  /// name.
  public var namedParameters: [(name: String, tensor: Tensor)] {
    unique(ModuleTree(self).tensors.filter { $0.role == .parameter })
  }

  /// The parameters in the order of ``namedParameters``.
  public var parameters: [Tensor] { namedParameters.map(\.tensor) }

  /// Tensors that are part of the state but not trained, with their names.
  public var namedBuffers: [(name: String, tensor: Tensor)] {
    unique(ModuleTree(self).tensors.filter { $0.role == .buffer })
  }

  /// Parameters and buffers by name, including every name of shared ones.
  ///
  /// They share the module's memory.
  public var stateDict: StateDict {
    StateDict(
      ModuleTree(self).tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first }
    )
  }

  /// The module itself and all modules in it.
  public var parts: [any Module] { ModuleTree(self).modules.compactMap { $0 as? any Module } }

  /// Switches all parts to training or to evaluation.
  public func train(_ isTraining: Bool = true) {
    for case let part as any ModeDependent in ModuleTree(self).modules {
      part.isTraining = isTraining
    }
  }

  /// Switches all parts to evaluation: no dropout.
  public func eval() { train(false) }

  /// Forgets all gradients, so that the next backward pass starts from none.
  public func zeroGrad() {
    for parameter in parameters { parameter.grad = nil }
  }

  /// Moves parameters and buffers to a device, in place; optimizers made before keep working.
  public func move(to device: Device) {
    for (_, tensor) in stateDict where tensor.device != device { tensor.moveData(to: device) }
  }

  private func unique(_ entries: [ModuleTree.Entry]) -> [(name: String, tensor: Tensor)] {
    var seen = Set<ObjectIdentifier>()
    return entries.filter { seen.insert(ObjectIdentifier($0.tensor)).inserted }
      .map { ($0.name, $0.tensor) }
  }
}
