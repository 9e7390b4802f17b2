/// The function between the two linear layers of a Transformer layer.
///
/// PyTorch: the argument `activation`.
public struct TransformerActivation {
  /// The module, if it is one; its parameters are those of the layer.
  let module: (any Module<Tensor, Tensor>)?
  let function: (Tensor) throws -> Tensor

  /// The rectified linear unit.
  public static var relu: TransformerActivation { .function { $0.relu() } }

  /// The Gaussian error linear unit, exact.
  public static var gelu: TransformerActivation { .function { $0.gelu() } }

  /// A function.
  public static func function(
    _ function: @escaping (Tensor) throws -> Tensor
  ) -> TransformerActivation {
    TransformerActivation(module: nil, function: function)
  }

  /// A module, such as a parametric rectified linear unit.
  public static func module(_ module: any Module<Tensor, Tensor>) -> TransformerActivation {
    TransformerActivation(module: module) { try module($0) }
  }
}
