// Operators on packed sequences, for all devices: rows [tokens, size], one sequence after the other. Where each begins,
// and the number of all tokens, is in `boundaries`, int64 [sequences + 1], which stays on the CPU: so the host knows all
// shapes without waiting for a device.
#pragma once

#include <ATen/core/Tensor.h>

namespace ct {

/// Where the sequences begin, checked.
inline const int64_t *begins(const at::Tensor &boundaries, int64_t tokens) {
  TORCH_CHECK(
      boundaries.device().is_cpu() && boundaries.scalar_type() == at::kLong &&
          boundaries.dim() == 1 && boundaries.is_contiguous() && boundaries.numel() >= 1,
      "boundaries must be int64 [sequences + 1] on the CPU");
  const int64_t *begin = boundaries.const_data_ptr<int64_t>();
  const int64_t count = boundaries.numel() - 1;
  TORCH_CHECK(
      begin[0] == 0 && begin[count] == tokens, "boundaries must go from 0 to ", tokens);
  for (int64_t i = 0; i < count; i++) {
    TORCH_CHECK(begin[i] < begin[i + 1], "boundaries must rise; sequence ", i, " has no tokens");
  }
  return begin;
}

inline void checkAttention(
    const at::Tensor &query, const at::Tensor &key, const at::Tensor &value,
    const at::Tensor &boundaries, int64_t heads) {
  TORCH_CHECK(
      query.dim() == 2 && key.dim() == 2 && key.sizes() == value.sizes() &&
          query.size(1) == key.size(1) && query.scalar_type() == key.scalar_type() &&
          query.scalar_type() == value.scalar_type(),
      "query, key and value must have one type and shape [tokens, size]");
  TORCH_CHECK(
      query.size(0) == key.size(0) || query.size(0) == boundaries.numel() - 1,
      "there must be a query for each token, or one for each sequence");
  TORCH_CHECK(
      heads > 0 && query.size(1) % heads == 0, heads, " heads do not divide ", query.size(1));
}

/// The operators out of libtorch's own, which know gradients and autocast (Composite.cpp).
namespace composite {

at::Tensor attention(
    const at::Tensor &query, const at::Tensor &key, const at::Tensor &value,
    const at::Tensor &boundaries, int64_t heads, double dropout);
at::Tensor dropout(const at::Tensor &input, double dropout, const at::Tensor &boundaries);
at::Tensor dropoutAddNorm(
    const at::Tensor &input, const at::Tensor &residual, const at::Tensor &weight,
    const at::Tensor &bias, double epsilon, double dropout, const at::Tensor &boundaries);
at::Tensor gelu(const at::Tensor &input);

}  // namespace composite

}  // namespace ct
