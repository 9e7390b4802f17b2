internal import Support

/// Returns the norm of all gradients, concatenated into one vector, like PyTorch's
/// `torch.nn.utils.get_total_norm`.
///
/// - Parameters:
///   - parameters: The parameters; those without a gradient are skipped.
///   - normType: The order of the norm; `.infinity` for the largest absolute value.
/// - Returns: A scalar on the device of the first gradient; 0 if there are no gradients.
public func gradientNorm(of parameters: [Tensor], normType: Double = 2) -> Tensor {
  let gradients = parameters.compactMap(\.grad)
  guard let first = gradients.first else { return Tensor(0 as Float) }
  return noGrad {
    let norms = grouped(gradients).flatMap { _, group in
      foreachNorm.tensors(count: group.count, .tensors(group), .double(normType))
    }
    let stacked = stackOp.tensor(.tensors(norms.map { $0.to(first.device) }))
    return vectorNormOp.tensor(.tensor(stacked), .double(normType))
  }
}

/// Scales all gradients down so that their joint norm is at most `maxNorm`.
///
/// Like PyTorch's `torch.nn.utils.clip_grad_norm_` (Pascanu, Mikolov & Bengio 2013): multiplies
/// each gradient by min(1, maxNorm / (norm + 1e-6)), in place. With a ``GradientScaler``, unscale
/// first.
///
/// - Parameters:
///   - parameters: The parameters; those without a gradient are skipped.
///   - maxNorm: The maximum norm; `.infinity` computes the norm only.
///   - normType: The order of the norm; `.infinity` for the largest absolute value.
///   - errorIfNonfinite: Whether an infinite or NaN norm is an error. If not, gradients become 0
///     or NaN, as in PyTorch.
/// - Returns: The norm before clipping, a scalar on the device of the first gradient.
/// - Throws: ``TorchError`` with code `notFinite`; the gradients are then unchanged.
@discardableResult
public func clipGradNorm(
  _ parameters: [Tensor], _ maxNorm: Double, normType: Double = 2, errorIfNonfinite: Bool = false
) throws(TorchError) -> Tensor {
  let (norm, factor) = try clippingFactor(
    of: parameters, to: maxNorm, normType: normType, errorIfNonfinite: errorIfNonfinite)
  if let factor { scaleGradients(of: parameters, by: factor) }
  return norm
}

/// Limits each element of the gradients to [-clipValue, clipValue], in place, like PyTorch's
/// `torch.nn.utils.clip_grad_value_`.
///
/// With a ``GradientScaler``, unscale first.
///
/// - Parameters:
///   - parameters: The parameters; those without a gradient are skipped.
///   - clipValue: The largest absolute value; 0 or more.
///   - file: The source file of the caller, for messages.
///   - line: The source line of the caller, for messages.
public func clipGradValue(
  _ parameters: [Tensor], _ clipValue: Double, file: StaticString = #fileID, line: UInt = #line
) {
  require(
    clipValue >= 0, "the value to clip gradients to is \(clipValue); use 0 or more", file: file,
    line: line)
  noGrad {
    for (_, group) in grouped(parameters.compactMap(\.grad)) {
      foreachClampMin.run(.tensors(group), .double(-clipValue))
      foreachClampMax.run(.tensors(group), .double(clipValue))
    }
  }
}

/// Returns the factor by which ``clipGradNorm(_:_:normType:errorIfNonfinite:)`` multiplies
/// gradients.
///
/// Pass it to ``Optimizer/step(scalingGradientsBy:)``, which can scale during the update.
///
/// - Parameters:
///   - parameters: The parameters; those without a gradient are skipped.
///   - maxNorm: The maximum norm; `.infinity` computes the norm only.
///   - normType: The order of the norm; `.infinity` for the largest absolute value.
///   - errorIfNonfinite: Whether an infinite or NaN norm is an error.
/// - Returns: The norm, and min(1, maxNorm / (norm + 1e-6)), or `nil` if `maxNorm` is infinite.
///   Both are scalars on the device of the first gradient.
/// - Throws: ``TorchError`` with code `notFinite`.
public func clippingFactor(
  of parameters: [Tensor], to maxNorm: Double, normType: Double = 2, errorIfNonfinite: Bool = false
) throws(TorchError) -> (norm: Tensor, factor: Tensor?) {
  let norm = gradientNorm(of: parameters, normType: normType)
  if errorIfNonfinite, !norm.item.isFinite {
    throw TorchError(
      .notFinite,
      "the norm of the gradients is \(norm.item): the loss or a gradient overflowed. Lower the "
        + "learning rate, check the data for NaN, or use a GradientScaler with float16")
  }
  if maxNorm == .infinity { return (norm, nil) }
  return noGrad {
    let factor = clampMaxOp.tensor(
      .tensor(
        multiply.tensor(.tensor(reciprocalOp.tensor(.tensor(norm + 1e-6))), .double(maxNorm))),
      .double(1))
    return (norm, factor)
  }
}

/// Multiplies all gradients by a scalar, in place.
func scaleGradients(of parameters: [Tensor], by factor: Tensor) {
  noGrad {
    for (kind, group) in grouped(parameters.compactMap(\.grad)) {
      foreachMultiply.run(.tensors(group), .tensor(factor.to(kind.device)))
    }
  }
}

/// The properties that the tensors of one fused call share.
struct TensorKind: Hashable {
  var device: Device
  var dtype: DType
}

/// Groups tensors by kind, in the order of first occurrence.
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
private let foreachClampMin = Operator("aten::_foreach_clamp_min_", "Scalar")
private let foreachClampMax = Operator("aten::_foreach_clamp_max_", "Scalar")
private let stackOp = Operator("aten::stack")
private let vectorNormOp = Operator("aten::linalg_vector_norm")
private let clampMaxOp = Operator("aten::clamp_max")
private let reciprocalOp = Operator("aten::reciprocal")
private let multiply = Operator("aten::mul", "Scalar")
