// Masks of attention: Boolean ones are true where a key is not attended to, as in PyTorch's
// modules; floating-point ones are added to the scores.

/// A mask in the form that is added to scores; `nil` for a mask of another type.
func additiveMask(_ mask: Tensor, _ dtype: DType) -> Tensor? {
  if mask.dtype.isFloatingPoint { return mask }
  guard mask.dtype == .bool else { return nil }
  return Tensor.zeros(mask.shape, dtype: dtype, device: mask.device)
    .maskedFill(mask, -Double.infinity)
}

/// The mask of a sequence whose elements do not attend to later ones.
func squareSubsequentMask(_ size: Int, _ dtype: DType?, _ device: Device?) -> Tensor {
  Tensor.full([size, size], -Double.infinity, dtype: dtype, device: device).triu(diagonal: 1)
}

/// Whether a mask is that of a sequence whose elements do not attend to later ones.
///
/// - Parameters:
///   - mask: The mask, or `nil`.
///   - isCausal: The caller's answer, or `nil` to compare the elements.
///   - length: The length of the sequence.
/// - Returns: The caller's answer, or whether the elements are those of the causal mask.
func isCausalMask(_ mask: Tensor?, _ isCausal: Bool?, length: Int) -> Bool {
  if let isCausal { return isCausal }
  guard let mask, mask.isDefined, mask.shape == [length, length], mask.dtype.isFloatingPoint else {
    return false
  }
  return mask.equal(squareSubsequentMask(length, mask.dtype, mask.device))
}
