// Copies of a layer, as TransformerEncoder and TransformerDecoder make them.

extension Module {
  /// Copies parameters, buffers, whether parameters are frozen, and the mode.
  ///
  /// Both modules have the same structure.
  func copyState(of other: Self) {
    noGrad {
      for (own, given) in zip(namedParameters, other.namedParameters) where own.name == given.name {
        own.tensor.copy_(given.tensor)
        own.tensor.requiresGrad = given.tensor.requiresGrad
      }
      for (own, given) in zip(namedBuffers, other.namedBuffers) { own.tensor.copy_(given.tensor) }
    }
    for (own, given) in zip(modules, other.modules) {
      guard let own = own as? any ModeDependent, let given = given as? any ModeDependent else {
        continue
      }
      own.isTraining = given.isTraining
    }
  }
}

extension Linear {
  /// A layer of the same sizes with uninitialized parameters.
  convenience init(uninitializedLike other: Linear) {
    let shape = other.weight.shape
    self.init(uninitialized: shape[1], shape[0], bias: other.bias != nil)
  }
}

extension LayerNorm {
  /// A normalization with the same settings.
  convenience init(like other: LayerNorm) {
    self.init(
      other.normalizedShape, eps: other.eps, elementwiseAffine: other.elementwiseAffine,
      bias: other.bias != nil)
  }
}
