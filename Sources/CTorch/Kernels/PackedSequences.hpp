// Packed sequences, on all devices: rows [tokens, size], one sequence after the other.
//
// `boundaries`, int64 [sequences + 1], holds the first row of each sequence and the total number of
// tokens. It stays on the CPU, so that the host knows all shapes without waiting for a device.
#pragma once

#include "../Libtorch.hpp"

#include <ATen/core/Tensor.h>

namespace ct {

/// Checks `boundaries` and returns its elements: sequence i has rows `begin[i] ..< begin[i + 1]`.
inline const int64_t *sequenceBegins(const at::Tensor &boundaries, int64_t tokens) {
  TORCH_CHECK(
      boundaries.device().is_cpu() && boundaries.scalar_type() == at::kLong &&
          boundaries.dim() == 1 && boundaries.is_contiguous() && boundaries.numel() >= 1,
      "boundaries must be int64 [sequences + 1] on the CPU");
  const int64_t *begin = boundaries.const_data_ptr<int64_t>();
  const int64_t count = boundaries.numel() - 1;
  TORCH_CHECK(
      begin[0] == 0 && begin[count] == tokens, "boundaries must start at 0 and end at ", tokens);
  for (int64_t i = 0; i < count; i++) {
    TORCH_CHECK(
        begin[i] < begin[i + 1], "boundaries must increase, but sequence ", i, " has no tokens");
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
      "query, key and value must have the same type and shape [tokens, size]");
  TORCH_CHECK(
      query.size(0) == key.size(0) || query.size(0) == boundaries.numel() - 1,
      "query must have one row per token or one row per sequence");
  TORCH_CHECK(
      heads > 0 && query.size(1) % heads == 0, "size ", query.size(1),
      " is not divisible by the number of heads, ", heads);
}

/// The operators composed of libtorch operators, which provide gradients and autocast
/// (Composite.cpp).
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
