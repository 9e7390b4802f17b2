// Registers the operators "lockstep::…" with libtorch's dispatcher.
#include "Kernels.hpp"

#include <torch/library.h>

#include <string>

namespace {

using namespace ct;

/// Defines an operator that uses `kernel` on the CPU and `composite` on every other device.
///
/// The overload "composite" calls `composite` on the CPU as well, to compare the two.
template <typename Body>
void define(
    torch::Library &library, const std::string &name, const std::string &signature, Body *kernel,
    Body *composite) {
  library.def((name + signature).c_str());
  library.impl(name.c_str(), torch::dispatch(c10::DispatchKey::CPU, kernel));
  library.impl(name.c_str(), torch::dispatch(c10::DispatchKey::AutogradCPU, kernel));
  library.impl(
      name.c_str(), torch::dispatch(c10::DispatchKey::CompositeImplicitAutograd, composite));
  library.def((name + ".composite" + signature).c_str(), composite);
}

}  // namespace

TORCH_LIBRARY(lockstep, library) {
  library.def("linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor", kernels::linear);
  library.def(
      "embedding(Tensor weight, Tensor indices, int padding) -> Tensor", kernels::embedding);
  define(
      library, "attention",
      "(Tensor query, Tensor key, Tensor value, Tensor boundaries, int heads, float dropout) -> "
      "Tensor",
      kernels::attention, composite::attention);
  define(
      library, "dropout", "(Tensor input, float dropout, Tensor boundaries) -> Tensor",
      kernels::dropout, composite::dropout);
  define(
      library, "dropout_add_norm",
      "(Tensor input, Tensor residual, Tensor weight, Tensor bias, float epsilon, float dropout, "
      "Tensor boundaries) -> Tensor",
      kernels::dropoutAddNorm, composite::dropoutAddNorm);
  define(library, "gelu", "(Tensor input) -> Tensor", kernels::gelu, composite::gelu);
  library.def(
      "adamw_(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] exp_avgs, "
      "Tensor(c!)[] exp_avg_sqs, int[] steps, float learning_rate, float beta1, float beta2, "
      "float weight_decay, float epsilon, float gradient_factor) -> ()",
      kernels::adamw);
}
