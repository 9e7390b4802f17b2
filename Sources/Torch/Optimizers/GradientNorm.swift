/// The norm of all gradients, seen as one vector, as PyTorch's `torch.nn.utils.get_total_norm`.
///
/// - Parameters:
///   - parameters: Those without a gradient do not count.
///   - p: Which norm; `.infinity` for the largest absolute value.
/// - Returns: A scalar on the device of the first gradient; 0 without any.
public func gradientNorm(of parameters: [Tensor], p: Double = 2) -> Tensor {
  let gradients = parameters.compactMap(\.grad)
  guard let first = gradients.first else { return Tensor(0 as Float) }
  return withoutGradients {
    let norms = grouped(gradients).flatMap { _, group in
      foreachNorm.tensors(count: group.count, .tensors(group), .double(p))
    }
    let together = stack.tensor(.tensors(norms.map { $0.moved(to: first.device) }))
    return vectorNorm.tensor(.tensor(together), .double(p))
  }
}

/// Scales all gradients down so that the norm of them all is at most `maxNorm`.
///
/// As PyTorch's `torch.nn.utils.clip_grad_norm_` (Pascanu, Mikolov & Bengio 2013): each gradient is multiplied by min(1, maxNorm / (norm + 1e-6)), in place. With a
/// ``GradientScaler`` unscale first.
///
/// - Parameters:
///   - parameters: Those without a gradient do not count.
///   - maxNorm: The largest norm that is left as it is; `.infinity` measures only.
///   - p: Which norm; `.infinity` for the largest absolute value.
///   - throwsIfNotFinite: Whether a norm that is infinite or no number is an error. If not, such
///     gradients become 0 or no numbers, as in PyTorch.
/// - Returns: The norm before, a scalar on the device of the first gradient.
/// - Throws: ``TorchError`` with code `notFinite`; gradients have not been changed then.
@discardableResult
public func clipGradientNorm(
  of parameters: [Tensor], to maxNorm: Double, p: Double = 2, throwsIfNotFinite: Bool = false
) throws(TorchError) -> Tensor {
  let (norm, factor) = try clippingFactor(
    of: parameters, to: maxNorm, p: p, throwsIfNotFinite: throwsIfNotFinite)
  if let factor { scaleGradients(of: parameters, by: factor) }
  return norm
}

/// What ``clipGradientNorm(of:to:p:throwsIfNotFinite:)`` multiplies gradients by, for an optimizer that does so
/// in its own pass: ``Optimizer/step(scalingGradientsBy:)``.
///
/// - Parameters:
///   - parameters: Those without a gradient do not count.
///   - maxNorm: The largest norm that is left as it is; `.infinity` measures only.
///   - p: Which norm; `.infinity` for the largest absolute value.
///   - throwsIfNotFinite: Whether a norm that is infinite or no number is an error.
/// - Returns: The norm, and min(1, maxNorm / (norm + 1e-6)) unless it is only measured: scalars on the device of the
///   first gradient.
/// - Throws: ``TorchError`` with code `notFinite`.
public func clippingFactor(
  of parameters: [Tensor], to maxNorm: Double, p: Double = 2, throwsIfNotFinite: Bool = false
) throws(TorchError) -> (norm: Tensor, factor: Tensor?) {
  let norm = gradientNorm(of: parameters, p: p)
  if throwsIfNotFinite, !norm.item.isFinite {
    throw TorchError(
      .notFinite,
      "the norm of the gradients is \(norm.item): the loss or a gradient has overflowed. Lower the "
        + "learning rate, look for data that are no numbers, or in float16 use a GradientScaler")
  }
  if maxNorm == .infinity { return (norm, nil) }
  return withoutGradients {
    let factor = clampMax.tensor(
      .tensor(multiply.tensor(.tensor(reciprocal.tensor(.tensor(norm + 1e-6))), .double(maxNorm))),
      .double(1))
    return (norm, factor)
  }
}

/// Multiplies all gradients by a scalar, in place.
func scaleGradients(of parameters: [Tensor], by factor: Tensor) {
  withoutGradients {
    for (kind, group) in grouped(parameters.compactMap(\.grad)) {
      foreachMultiply.run(.tensors(group), .tensor(factor.moved(to: kind.device)))
    }
  }
}

/// What the tensors of one fused call have in common.
struct TensorKind: Hashable {
  var device: Device
  var dtype: DType
}

/// Tensors by kind, in the order in which the kinds come first.
func grouped(_ tensors: [Tensor]) -> [(kind: TensorKind, tensors: [Tensor])] {
  var groups: [(kind: TensorKind, tensors: [Tensor])] = []
  var positions: [TensorKind: Int] = [:]
  for tensor in tensors {
    let kind = TensorKind(device: tensor.device, dtype: tensor.dtype)
    if let position = positions[kind] {
      groups[position].tensors.append(tensor)
    } else {
      positions[kind] = groups.count
      groups.append((kind, [tensor]))
    }
  }
  return groups
}

private let foreachNorm = Operator("aten::_foreach_norm", "Scalar")
private let foreachMultiply = Operator("aten::_foreach_mul_", "Tensor")
private let stack = Operator("aten::stack")
private let vectorNorm = Operator("aten::linalg_vector_norm")
private let clampMax = Operator("aten::clamp_max")
private let reciprocal = Operator("aten::reciprocal")
private let multiply = Operator("aten::mul", "Scalar")
