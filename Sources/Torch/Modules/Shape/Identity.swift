/// Returns its input, like PyTorch's `nn.Identity`.
///
/// It stands in for a module that is left out.
public final class Identity: Module {
  /// Creates the function.
  public init() {}

  /// Returns the input.
  public func forward(_ input: Tensor) -> Tensor { input }
}
