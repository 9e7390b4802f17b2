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

/// Where an operator is to write the gradient of a leaf that it returns: the place, which autograd makes the leaf's
/// `grad` without a copy. New memory if none was offered, and if autograd would not take it over, as it adds to what is
/// there already.
at::Tensor gradientMemory(const at::Tensor &leaf);

}  // namespace ct
