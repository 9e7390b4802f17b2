// One step of AdamW on the CPU, for all parameters.
#include "Kernels.hpp"

#include <cmath>

namespace ct::kernels {

/// Updates the parameters and their running averages in place; the gradients are not modified.
///
/// `steps` holds the number of steps of each parameter, including this one.
void adamw(
    at::TensorList parameters, at::TensorList gradients, at::TensorList averages,
    at::TensorList squareAverages, at::IntArrayRef steps, double learningRate, double beta1,
    double beta2, double weightDecay, double epsilon, double gradientFactor) {
  for (const size_t count :
       {gradients.size(), averages.size(), squareAverages.size(), steps.size()}) {
    TORCH_CHECK(
        count == parameters.size(),
        "each parameter needs a gradient, two running averages and a step count");
  }
  ck_adamw step{};
  step.gradient_factor = static_cast<float>(gradientFactor);
  step.decay = static_cast<float>(1 - learningRate * weightDecay);
  step.exp_avg_weight = static_cast<float>(1 - beta1);
  step.exp_avg_sq_weight = static_cast<float>(1 - beta2);
  step.epsilon = static_cast<float>(epsilon);
  for (size_t i = 0; i < parameters.size(); i++) {
    TORCH_CHECK(steps[i] >= 1, "a step count must be at least 1, not ", steps[i]);
    const double count = static_cast<double>(steps[i]);
    step.step_size = static_cast<float>(learningRate / (1 - std::pow(beta1, count)));
    step.inverse_root_correction = static_cast<float>(1 / std::sqrt(1 - std::pow(beta2, count)));
    const Tensor gradient = gradients[i].contiguous();
    for (const Tensor *tensor : {&parameters[i], &gradient, &averages[i], &squareAverages[i]}) {
      TORCH_CHECK(
          tensor->device().is_cpu() && tensor->scalar_type() == at::kFloat &&
              tensor->is_contiguous() && tensor->sizes() == parameters[i].sizes(),
          "this operator requires contiguous float32 tensors of one shape on the CPU");
    }
    auto *p = parameters[i].data_ptr<float>(), *m = averages[i].data_ptr<float>(),
         *v = squareAverages[i].data_ptr<float>();
    const auto *g = gradient.const_data_ptr<float>();
    at::parallel_for(0, parameters[i].numel(), 1 << 15, [&](int64_t first, int64_t last) {
      best().adamw(&step, last - first, p + first, g + first, m + first, v + first);
    });
    torch::autograd::impl::bump_version(parameters[i]);
  }
}

}  // namespace ct::kernels
