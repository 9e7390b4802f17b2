// Declarations of the operators "lockstep::…", and the helpers that they share.
//
// Each operator has a file of its own. Library.cpp registers them with libtorch's dispatcher, so
// that callers find them like libtorch's own. They accept float32, and bfloat16 under autocast.
#pragma once

#include "../Libtorch.hpp"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <vector>

#include "../GradientBuffers.hpp"
#include "PackedSequences.hpp"
#include "ck_kernels.h"

namespace ct::kernels {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::Function;
using Tensors = torch::autograd::variable_list;

// Operators

Tensor linear(const Tensor &x, const Tensor &weight, const std::optional<Tensor> &bias);
Tensor embedding(const Tensor &weight, const Tensor &indices, int64_t padding);
Tensor attention(
    const Tensor &query, const Tensor &key, const Tensor &value, const Tensor &boundaries,
    int64_t heads, double dropout);
Tensor dropout(const Tensor &input, double dropout, const Tensor &boundaries);
Tensor dropoutAddNorm(
    const Tensor &input, const Tensor &residual, const Tensor &weight, const Tensor &bias,
    double epsilon, double dropout, const Tensor &boundaries);
Tensor gelu(const Tensor &input);
void adamw(
    at::TensorList parameters, at::TensorList gradients, at::TensorList averages,
    at::TensorList squareAverages, at::IntArrayRef steps, double learningRate, double beta1,
    double beta2, double weightDecay, double epsilon, double gradientFactor);

// Arguments of the kernels

/// The kernels for this processor.
inline const ck_kernels &best() {
  static const ck_kernels *best = ck_kernels_best();
  return *best;
}

inline int64_t byteWidth(ck_type type) { return type == CK_FLOAT32 ? 4 : 2; }

/// Describes a tensor [rows, size] to a kernel; an undefined tensor becomes NULL.
inline ck_rows rows(const Tensor &tensor) {
  if (!tensor.defined()) return {nullptr, 0, CK_FLOAT32};
  const auto type = tensor.scalar_type();
  TORCH_CHECK(
      tensor.device().is_cpu() && (type == at::kFloat || type == at::kBFloat16),
      "this operator requires float32 or bfloat16 on the CPU, not ", type, " on ", tensor.device());
  TORCH_CHECK(
      tensor.dim() == 2 && (tensor.stride(1) == 1 || tensor.size(1) == 1),
      "this operator requires packed rows [tokens, size], not ", tensor.sizes());
  return {tensor.data_ptr(), tensor.stride(0), type == at::kFloat ? CK_FLOAT32 : CK_BFLOAT16};
}

/// Returns the tensor itself if the elements of its rows are contiguous, otherwise a copy.
inline Tensor withContiguousRows(const Tensor &tensor) {
  return tensor.stride(-1) == 1 ? tensor : tensor.contiguous();
}

/// Draws a seed from libtorch's CPU generator, so that its state determines these operators as
/// well.
inline int64_t drawSeed(double probability) {
  TORCH_CHECK(
      probability >= 0 && probability <= 1, "dropout must be from 0 to 1, not ", probability);
  if (probability == 0) return 0;
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  std::lock_guard<std::mutex> lock(generator.mutex());
  return static_cast<int64_t>(at::check_generator<at::CPUGeneratorImpl>(generator)->random64());
}

// Autocast

/// The type of CPU autocast on this thread, or none if it is disabled.
inline std::optional<at::ScalarType> autocastType() {
  if (!at::autocast::is_autocast_enabled(at::kCPU)) return {};
  return at::autocast::get_autocast_dtype(at::kCPU);
}

/// Disables autocast for a scope: the operators convert their arguments themselves.
struct WithoutAutocast {
  c10::impl::ExcludeDispatchKeyGuard guard{c10::DispatchKey::AutocastCPU};
};

// Rows

/// Returns the sum over all rows in the memory for the gradient of `leaf`.
inline Tensor sumOfRows(const Tensor &rows, const Tensor &leaf) {
  Tensor result = gradientOutput(leaf);
  const bool isSameType = rows.scalar_type() == leaf.scalar_type();
  return isSameType ? at::sum_out(result, rows, at::IntArrayRef({0})) : result.copy_(rows.sum(0));
}

/// The sequence of each row, and its position in it.
struct RowPositions {
  std::vector<uint32_t> sequences, positions;

  RowPositions(const Tensor &boundaries, int64_t tokens) {
    const int64_t *begin = sequenceBegins(boundaries, tokens);
    sequences.reserve(tokens);
    positions.reserve(tokens);
    for (int64_t i = 0; i + 1 < boundaries.numel(); i++) {
      for (int64_t position = 0; position < begin[i + 1] - begin[i]; position++) {
        sequences.push_back(static_cast<uint32_t>(i));
        positions.push_back(static_cast<uint32_t>(position));
      }
    }
  }
};

/// Rows per kernel call. Sums over rows add one partial sum per chunk, so they do not depend on the
/// number of threads.
constexpr int64_t rowChunk = 128;

inline int64_t chunkCount(int64_t rowCount) { return (rowCount + rowChunk - 1) / rowChunk; }

inline ck_rows skipRows(ck_rows all, int64_t count) {
  if (all.data != nullptr) {
    all.data = static_cast<char *>(all.data) + count * all.stride * byteWidth(all.type);
  }
  return all;
}

/// Runs `body(norm, chunk)` for each chunk of rows, in parallel.
template <typename Body>
void forEachChunk(const ck_norm &all, Body &&body) {
  at::parallel_for(0, chunkCount(all.row_count), 1, [&](int64_t firstChunk, int64_t lastChunk) {
    for (int64_t chunk = firstChunk; chunk < lastChunk; chunk++) {
      const int64_t first = chunk * rowChunk;
      ck_norm norm = all;
      norm.row_count = std::min(rowChunk, all.row_count - first);
      norm.sequences += first;
      norm.positions += first;
      for (ck_rows *part :
           {&norm.input, &norm.residual, &norm.sum, &norm.out, &norm.out_gradient,
            &norm.input_gradient, &norm.residual_gradient}) {
        *part = skipRows(*part, first);
      }
      if (norm.mean != nullptr) norm.mean += first;
      if (norm.inverse_deviation != nullptr) norm.inverse_deviation += first;
      body(norm, chunk);
    }
  });
}

}  // namespace ct::kernels
