// Where the gradients of leaves are wanted: gradients that an operator computes right there need no copy.
//
// Megatron-LM has its weight gradients computed into `main_grad` in this way.
#pragma once

#include <ATen/core/Tensor.h>

namespace ct {

/// Wants the next gradient of a leaf in `place`, contiguous and of the leaf's shape and type. It is taken once: of several
/// gradients that autograd adds up only one may go there.
void offerGradientPlace(const at::Tensor &leaf, const at::Tensor &place);

/// Forgets what was offered.
void withdrawGradientPlace(const at::Tensor &leaf);

/// Takes the place of a leaf's gradient, for an operator that is going to overwrite it and to return it as the gradient:
/// autograd makes it the leaf's `grad` without a copy. Undefined if none was offered, and if autograd would not take it
/// over, as it adds to what is there already.
at::Tensor takeGradientPlace(const at::Tensor &leaf);

/// The place, or new memory.
at::Tensor gradientMemory(const at::Tensor &leaf);

}  // namespace ct
