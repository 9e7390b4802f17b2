// Buffers for the gradients of leaves: an operator that writes a gradient directly into its buffer
// saves a copy.
//
// Megatron-LM accumulates weight gradients into `main_grad` in the same way.
#pragma once

#include "Libtorch.hpp"

#include <ATen/core/Tensor.h>

namespace ct {

/// Asks for the next gradient of `leaf` to be written into `buffer`, which must be contiguous and
/// have the leaf's shape, type and device.
///
/// The buffer is used once: autograd sums the gradients of a leaf, and only one of them may be
/// written there.
void setGradientBuffer(const at::Tensor &leaf, const at::Tensor &buffer);

/// Removes the buffer of `leaf`, if it has one.
void removeGradientBuffer(const at::Tensor &leaf);

/// Returns the memory into which an operator's backward writes the gradient of `leaf`.
///
/// This is the leaf's buffer if one is set; autograd then makes it the leaf's `grad` without a
/// copy. The memory is new if no buffer is set, if autograd will add the gradient to an existing
/// one, or if the backward pass is itself recorded.
at::Tensor gradientOutput(const at::Tensor &leaf);

}  // namespace ct
