internal import Support

/// Updates parameters from their gradients.
///
/// ``GroupedOptimizer/stateDict()`` makes an optimizer ``Stateful``, so a snapshot can contain it.
/// Subclass ``ParameterOptimizer`` to write one.
public protocol Optimizer: GroupedOptimizer {
  /// Updates all parameters that have a gradient, in place.
  ///
  /// Implementations that cannot fail need not be marked `throws`.
  ///
  /// - Throws: The errors of communication with other ranks. A failed operator is not thrown; see
  ///   ``catchingTorchErrors(_:)``.
  func step() throws

  /// Like ``step()``, with all gradients multiplied by a scalar, as gradient clipping does.
  ///
  /// The contents of `grad` are unspecified afterwards.
  func step(scalingGradientsBy factor: Tensor) throws
}

extension Optimizer {
  /// Multiplies the gradients by the scalar, in place, then calls ``step()``.
  public func step(scalingGradientsBy factor: Tensor) throws {
    scaleGradients(of: groups.flatMap(\.parameters), by: factor)
    try step()
  }
}

/// Stops the process with a message if a parameter is in an optimizer more than once.
///
/// It would be updated several times in each step.
func requireDistinct(_ groups: [ParameterGroup], file: StaticString, line: UInt) {
  var seen = Set<ObjectIdentifier>()
  let again = groups.flatMap(\.parameters).first { !seen.insert(ObjectIdentifier($0)).inserted }
  require(
    again == nil,
    "a parameter, \(again?.summary ?? ""), is in the optimizer more than once, so that each step "
      + "would update it again: pass each parameter once", file: file, line: line)
}
