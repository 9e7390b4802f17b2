internal import CKernels

// The operators of CTorch's Kernels.cpp. They take sequences packed one after the other, rows `[tokens, size]`,
// and where each begins: `boundaries`, int64 `[sequences + 1]`, on the CPU whatever the device of the rows. There all
// randomness comes from a seed that each call draws from libtorch's generator, and from a row's sequence and position:
// not from what it is packed with. On other devices they are libtorch's own operators, which draw as those do.

/// Whether packed sequences are the quicker ones on a device, in autocast's type on this thread.
///
/// On the CPU the operators have to be compiled for speed: without optimisation, in debug builds, libtorch's own on
/// padded sequences are faster. On a GPU the short types have attention over sequences of any lengths, float32 has none.
package func prefersPackedSequences(on device: Device) -> Bool {
  let type = autocastDType(on: device) ?? .float32
  return switch device.kind {
  case .cpu: ck_is_optimized() && (type == .float32 || type == .bfloat16)
  case .cuda: type == .bfloat16 || type == .float16
  }
}

/// Attention of each sequence with itself: softmax(Q Kᵀ / √headSize) V, with dropout inside.
///
/// - Parameters:
///   - query: Shape `[tokens, heads × headSize]`, or `[sequences, heads × headSize]` for the first token of
///     each sequence alone.
///   - key: Shape `[tokens, heads × headSize]`.
///   - value: The same shape.
///   - boundaries: Where the sequences begin.
///   - headCount: Divides the size.
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
  /// Drops elements of packed rows.
  package func packed(_ input: Tensor, boundaries: Tensor) -> Tensor {
    dropout.tensor(.tensor(input), .double(effectiveProbability), .tensor(boundaries))
  }
}

extension LayerNorm {
  /// Normalises dropped `input` plus `residual`, packed rows both; the result is float32.
  package func packed(
    _ input: Tensor, dropout: Dropout, residual: Tensor, boundaries: Tensor
  ) -> Tensor {
    dropoutAddNorm.tensor(
      .tensor(input), .tensor(residual), .tensor(weight), .tensor(bias), .double(epsilon),
      .double(dropout.effectiveProbability), .tensor(boundaries))
  }
}

extension Tensor {
  /// The exact ``gelu(_:)`` by this package's kernel.
  package func packedGELU() -> Tensor { geluOp.tensor(.tensor(self)) }
}

private let attention = Operator("lockstep::attention")
private let dropout = Operator("lockstep::dropout")
private let dropoutAddNorm = Operator("lockstep::dropout_add_norm")
private let geluOp = Operator("lockstep::gelu")
