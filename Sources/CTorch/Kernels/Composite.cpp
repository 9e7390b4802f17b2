// The operators on packed sequences, composed of libtorch operators: for devices other than the
// CPU.
#include "PackedSequences.hpp"

#include <ATen/ATen.h>

#include <algorithm>

namespace {

using at::Tensor;

/// Whether libtorch's variable-length FlashAttention supports the arguments: float16 and bfloat16
/// on CUDA GPUs since Ampere.
///
/// `_efficient_attention_forward` would support float32, but it accepts 0 as the maximum length of
/// the keys and returns that 0, which its backward rejects (pytorch#115590). Passing the true
/// length to backward would draw a different dropout mask.
bool supportsFlashAttention(const Tensor &query, int64_t headSize) {
  const auto type = query.scalar_type();
  return query.is_cuda() && (type == at::kHalf || type == at::kBFloat16) && headSize % 8 == 0 &&
         headSize <= 256;
}

/// Attention over rows [tokens, heads, size]; `query` has one row per token or one per sequence.
Tensor flashAttention(
    const Tensor &query, const Tensor &key, const Tensor &value, const Tensor &boundaries,
    double dropout) {
  const int64_t *begin = ct::sequenceBegins(boundaries, key.size(0));
  const int64_t sequences = boundaries.numel() - 1;
  int64_t longest = 0;
  for (int64_t i = 0; i < sequences; i++) longest = std::max(longest, begin[i + 1] - begin[i]);
  // Copied from page-locked memory, so that the host does not wait.
  const Tensor keyBegins =
      boundaries.to(at::kInt).pin_memory().to(query.device(), at::kInt, /*non_blocking=*/true);
  const bool hasAllQueries = query.size(0) == key.size(0);
  const Tensor queryBegins =
      hasAllQueries ? keyBegins : at::arange(sequences + 1, keyBegins.options());
  return std::get<0>(at::_flash_attention_forward(
      query, key, value, queryBegins, keyBegins, hasAllQueries ? longest : 1, longest, dropout,
      /*is_causal=*/false, /*return_debug_mask=*/false));
}

/// The same, one sequence at a time.
Tensor attentionPerSequence(
    const Tensor &query, const Tensor &key, const Tensor &value, const Tensor &boundaries,
    double dropout) {
  const int64_t *begin = ct::sequenceBegins(boundaries, key.size(0));
  const bool hasAllQueries = query.size(0) == key.size(0);
  std::vector<Tensor> parts;
  for (int64_t i = 0; i + 1 < boundaries.numel(); i++) {
    // [1, heads, tokens, size]
    const auto heads = [](const Tensor &all, int64_t first, int64_t end) {
      return all.slice(0, first, end).transpose(0, 1).unsqueeze(0);
    };
    const Tensor part = at::scaled_dot_product_attention(
        hasAllQueries ? heads(query, begin[i], begin[i + 1]) : heads(query, i, i + 1),
        heads(key, begin[i], begin[i + 1]), heads(value, begin[i], begin[i + 1]),
        /*attn_mask=*/{}, dropout);
    parts.push_back(part.squeeze(0).transpose(0, 1));
  }
  return at::cat(parts);
}

}  // namespace

namespace ct::composite {

Tensor attention(
    const Tensor &query, const Tensor &key, const Tensor &value, const Tensor &boundaries,
    int64_t heads, double dropout) {
  checkAttention(query, key, value, boundaries, heads);
  const int64_t size = query.size(1) / heads;
  const auto splitHeads = [&](const Tensor &rows) { return rows.reshape({-1, heads, size}); };
  const auto run = supportsFlashAttention(query, size) ? flashAttention : attentionPerSequence;
  return run(splitHeads(query), splitHeads(key), splitHeads(value), boundaries, dropout)
      .reshape(query.sizes());
}

Tensor dropout(const Tensor &input, double dropout, const Tensor &) {
  return dropout == 0 ? input : at::dropout(input, dropout, /*train=*/true);
}

Tensor dropoutAddNorm(
    const Tensor &input, const Tensor &residual, const Tensor &weight, const Tensor &bias,
    double epsilon, double dropout, const Tensor &boundaries) {
  const Tensor sum = composite::dropout(input, dropout, boundaries) + residual;
  return at::layer_norm(sum.to(at::kFloat), weight.sizes(), weight, bias, epsilon);
}

Tensor gelu(const Tensor &input) { return at::gelu(input); }

}  // namespace ct::composite
