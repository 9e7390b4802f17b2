// Embedding, with a gradient that is written directly into its buffer.
#include "Kernels.hpp"

namespace ct::kernels {

namespace {

/// Like `aten::embedding`, but for large tables its backward avoids page faults and a call per row.
struct Embedding : Function<Embedding> {
  static Tensor forward(
      AutogradContext *context, const Tensor &weight, const Tensor &indices, int64_t padding) {
    context->save_for_backward({indices});
    // save_for_backward would prohibit changes to the elements until backward, but backward does
    // not read them.
    context->saved_data["weight"] = weight;
    context->saved_data["padding"] = padding;
    return at::embedding(weight, indices, padding);
  }

  static Tensors backward(AutogradContext *context, Tensors gradients) {
    const Tensor weight = context->saved_data["weight"].toTensor();
    const int64_t padding = context->saved_data["padding"].toInt(), size = weight.size(1);
    const Tensor rows = gradients[0].reshape({-1, size}).contiguous();
    const Tensor indices =
        context->get_saved_variables()[0].reshape(-1).to(at::kLong).contiguous();
    Tensor result = gradientOutput(weight).zero_();
    const auto *from = rows.const_data_ptr<float>();
    const auto *index = indices.const_data_ptr<int64_t>();
    auto *to = result.data_ptr<float>();
    at::parallel_for(0, size, 256, [&](int64_t first, int64_t last) {
      for (int64_t row = 0; row < indices.numel(); row++) {
        if (index[row] == padding) continue;
        const float *source = from + row * size;
        float *target = to + index[row] * size;
        for (int64_t column = first; column < last; column++) target[column] += source[column];
      }
    });
    return {result, Tensor(), Tensor()};
  }
};

}  // namespace

Tensor embedding(const Tensor &weight, const Tensor &indices, int64_t padding) {
  const bool isSupported = weight.device().is_cpu() && weight.scalar_type() == at::kFloat &&
                           weight.dim() == 2 && weight.is_contiguous();
  return isSupported ? Embedding::apply(weight, indices, padding)
                     : at::embedding(weight, indices, padding);
}

}  // namespace ct::kernels
