// The operators on packed sequences where there is no kernel of this package: on every device but the CPU.
#include <ATen/ATen.h>

#include <algorithm>

#include "Packed.hpp"

namespace {

using at::Tensor;

/// Whether libtorch's variable-length FlashAttention takes it: float16 and bfloat16, on CUDA from Ampere on.
///
/// For float32 there is `_efficient_attention_forward`, but it takes 0 for the longest sequence of keys and returns that
/// (pytorch#115590): its gradient refuses it, and with another number it would draw other dropout.
bool isFlashs(const Tensor &query, int64_t headSize) {
  const auto type = query.scalar_type();
  return query.is_cuda() && (type == at::kHalf || type == at::kBFloat16) && headSize % 8 == 0 &&
         headSize <= 256;
}

/// Rows [tokens, heads, size]; queries of all tokens, or of each sequence's first.
Tensor flash(
    const Tensor &query, const Tensor &key, const Tensor &value, const Tensor &boundaries,
    double dropout) {
  const int64_t *begin = ct::begins(boundaries, key.size(0));
  const int64_t sequences = boundaries.numel() - 1;
  int64_t longest = 0;
  for (int64_t i = 0; i < sequences; i++) longest = std::max(longest, begin[i + 1] - begin[i]);
  // Out of page-locked memory, so that the host does not wait for the copy.
  const Tensor keyBegins =
      boundaries.to(at::kInt).pin_memory().to(query.device(), at::kInt, /*non_blocking=*/true);
  const bool isWhole = query.size(0) == key.size(0);
  const Tensor queryBegins =
      isWhole ? keyBegins : at::arange(sequences + 1, keyBegins.options());
  return std::get<0>(at::_flash_attention_forward(
      query, key, value, queryBegins, keyBegins, isWhole ? longest : 1, longest, dropout,
      /*is_causal=*/false, /*return_debug_mask=*/false));
}

/// The same, a sequence at a time.
Tensor oneByOne(
    const Tensor &query, const Tensor &key, const Tensor &value, const Tensor &boundaries,
    double dropout) {
  const int64_t *begin = ct::begins(boundaries, key.size(0));
  const bool isWhole = query.size(0) == key.size(0);
  std::vector<Tensor> parts;
  for (int64_t i = 0; i + 1 < boundaries.numel(); i++) {
    // [1, heads, tokens, size]
    const auto heads = [](const Tensor &all, int64_t first, int64_t end) {
      return all.slice(0, first, end).transpose(0, 1).unsqueeze(0);
    };
    const Tensor part = at::scaled_dot_product_attention(
        isWhole ? heads(query, begin[i], begin[i + 1]) : heads(query, i, i + 1),
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
  const auto byHeads = [&](const Tensor &rows) { return rows.reshape({-1, heads, size}); };
  const auto run = isFlashs(query, size) ? flash : oneByOne;
  return run(byHeads(query), byHeads(key), byHeads(value), boundaries, dropout)
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
