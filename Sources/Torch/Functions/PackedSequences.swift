internal import CKernels

// Operators on packed sequences, implemented in CTorch/Kernels. The sequences are concatenated to
// rows `[tokens, size]` without padding. `boundaries`, int64 `[sequences + 1]`, holds the index of
// each sequence's first row and the total number of rows. It is on the CPU for every device of the
// rows.
//
// On the CPU, dropout depends on a seed that each call draws from libtorch's generator, and on the
// sequence and the position of a row. It does not depend on the other sequences of the pack. Other
// devices use libtorch's operators and their random numbers.

/// Whether packed sequences are faster than padded ones on a device.
///
/// The answer depends on the autocast type of the thread. On GPUs, libtorch has attention over
/// sequences of different lengths for float16 and bfloat16, but not for float32. On the CPU, packed
/// sequences require an optimized build: in debug builds, libtorch's operators on padded sequences
/// are faster.
package func prefersPackedSequences(on device: Device) -> Bool {
  let type = autocastDType(on: device) ?? .float32
  return switch device.kind {
  case .cpu: ck_is_optimized() && (type == .float32 || type == .bfloat16)
  case .cuda: type == .bfloat16 || type == .float16
  }
}

/// Attention of each sequence with itself: dropout(softmax(Q Kᵀ / √headSize)) V.
///
/// - Parameters:
///   - query: Shape `[tokens, heads × headSize]`, or `[sequences, heads × headSize]` for only the
///     first token of each sequence.
///   - key: Shape `[tokens, heads × headSize]`.
///   - value: The shape of `key`.
///   - boundaries: The first row of each sequence and the number of rows.
///   - headCount: The number of heads, a divisor of the size.
///   - dropout: The probability with which an attention weight is dropped.
/// - Returns: The shape of `query`.
package func packedAttention(
  query: Tensor, key: Tensor, value: Tensor, boundaries: Tensor, headCount: Int, dropout: Double
) -> Tensor {
  attention.tensor(
    .tensor(query), .tensor(key), .tensor(value), .tensor(boundaries), .int(headCount),
    .double(dropout))
}

extension Dropout {
  /// Applies dropout to packed rows.
  package func packed(_ input: Tensor, boundaries: Tensor) -> Tensor {
    dropoutOp.tensor(.tensor(input), .double(effectiveProbability), .tensor(boundaries))
  }
}

extension LayerNorm {
  /// Normalizes `dropout(input) + residual`, both packed rows; the result is float32.
  ///
  /// - Precondition: The module has a scale and a shift.
  package func packed(
    _ input: Tensor, dropout: Dropout, residual: Tensor, boundaries: Tensor
  ) -> Tensor {
    guard let weight, let bias else {
      preconditionFailure("a layer norm of packed rows needs a weight and a bias")
    }
    return dropoutAddNorm.tensor(
      .tensor(input), .tensor(residual), .tensor(weight), .tensor(bias), .double(eps),
      .double(dropout.effectiveProbability), .tensor(boundaries))
  }
}

extension Tensor {
  /// The exact ``gelu(approximate:)``, computed by CTorch's kernel.
  package func packedGELU() -> Tensor { geluOp.tensor(.tensor(self)) }
}

private let attention = Operator("lockstep::attention")
private let dropoutOp = Operator("lockstep::dropout")
private let dropoutAddNorm = Operator("lockstep::dropout_add_norm")
private let geluOp = Operator("lockstep::gelu")
