/// Attention: softmax(Q Kᵀ / √headSize + mask) V.
///
/// Vaswani et al. 2017; like `torch.nn.functional.scaled_dot_product_attention`.
/// libtorch uses its fused kernel if the arguments allow it. On the CPU, the fused kernel does not
/// support dropout.
///
/// - Parameters:
///   - query: Shape `[batch, heads, queries, headSize]`.
///   - key: Shape `[batch, heads, keys, headSize]`.
///   - value: Shape `[batch, heads, keys, headSize]`.
///   - mask: Broadcast to `[batch, heads, queries, keys]`. A bool mask selects the keys to attend
///     to (`true`); any other mask is added to the scores.
///   - dropout: The probability with which an attention weight is dropped; 0 outside training.
/// - Returns: Shape `[batch, heads, queries, headSize]`.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, dropout: Double = 0
) -> Tensor {
  attention.tensor(
    .tensor(query), .tensor(key), .tensor(value), .optionalTensor(mask), .double(dropout))
}

private let attention = Operator("aten::scaled_dot_product_attention")
