// Linear layers by oneDNN: forward, and gradients written directly into their buffers.
#include "Kernels.hpp"

#include <ATen/core/dispatch/Dispatcher.h>

#include <string_view>

// libtorch exports this function, but does not install the header that declares it.
namespace at::native {
void mkldnn_matmul(
    const Tensor &left, const Tensor &right, const Tensor &result, float beta, float alpha);
}

namespace ct::kernels {

namespace {

std::optional<c10::OperatorHandle> findOneDNNLinear() {
  return c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
}

Tensor oneDNNLinear(const Tensor &x, const Tensor &weight, const std::optional<Tensor> &bias) {
  static const auto op = findOneDNNLinear()->typed<Tensor(
      const Tensor &, const Tensor &, const std::optional<Tensor> &, std::string_view,
      c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>)>();
  return op.call(x, weight, bias, "none", c10::List<std::optional<at::Scalar>>(), "");
}

/// Whether oneDNN multiplies float32 matrices. On some processors, MKL, libtorch's default, reaches
/// 40 % of the peak, and oneDNN reaches 90 %.
///
/// The rule is fixed. A measurement could choose differently on each run and rank, and the two
/// libraries add in different orders.
bool usesOneDNN() {
  static const bool isAvailable = findOneDNNLinear().has_value();
  return isAvailable && at::globalContext().userEnabledMkldnn();
}

/// gradient · weight. For a large float32 weight that is transposed, oneDNN takes longer than a
/// copy followed by the product.
Tensor inputGradient(const Tensor &gradient, const Tensor &weight) {
  const bool isCopied = weight.scalar_type() == at::kFloat && weight.numel() >= 1 << 21 &&
                        weight.size(0) > weight.size(1);
  return oneDNNLinear(gradient, isCopied ? weight.t().contiguous() : weight.t(), {});
}

/// Whether oneDNN can write a product of this type into existing memory on this processor. On x86
/// most processors with AVX-512 can.
bool supportsOutput(at::ScalarType type) {
  const auto probe = [](at::ScalarType type) {
    try {
      const Tensor two = at::ones({2, 2}, type);
      at::native::mkldnn_matmul(two, two, at::empty({2, 2}, type), 0, 1);
      return true;
    } catch (const c10::Error &) {
      return false;
    }
  };
  static const bool float32 = probe(at::kFloat), bfloat16 = probe(at::kBFloat16);
  return type == at::kFloat ? float32 : bfloat16;
}

/// gradientᵀ · x, in the memory for the gradient of `weight`.
///
/// `mkldnn_matmul` accepts both factors transposed, as they are in memory, and reaches 225 to 235
/// GFLOP/s. `_linear_pointwise` does not, and reaches 200 GFLOP/s.
Tensor weightGradient(const Tensor &gradient, const Tensor &x, const Tensor &weight) {
  Tensor result = gradientOutput(weight);
  const auto type = gradient.scalar_type();
  if (!supportsOutput(type)) return result.copy_(oneDNNLinear(gradient.t(), x.t(), {}));
  const bool isSameType = type == weight.scalar_type();
  const Tensor product = isSameType ? result : at::empty(weight.sizes(), gradient.options());
  at::native::mkldnn_matmul(gradient.t(), x, product, 0, 1);
  return isSameType ? result : result.copy_(product);
}

/// A linear layer that computes in the type of x. Weight, bias and their gradients are float32.
///
/// Autocast would create a tensor and a graph node for each conversion. Here one node converts the
/// weight and the bias, and writes their gradients directly into their buffers.
struct Linear : Function<Linear> {
  static Tensor forward(
      AutogradContext *context, const Tensor &x, const Tensor &weight,
      const std::optional<Tensor> &bias) {
    const Tensor converted = weight.to(x.scalar_type());
    context->save_for_backward({x, weight, bias.value_or(Tensor()), converted});
    return oneDNNLinear(
        x, converted, bias ? std::optional<Tensor>(bias->to(x.scalar_type())) : bias);
  }

  static Tensors backward(AutogradContext *context, Tensors gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &weight = saved[1], &bias = saved[2];
    const Tensor gradient = gradients[0].reshape({-1, weight.size(0)});
    const Tensor x = saved[0].reshape({-1, weight.size(1)});
    Tensors results(3);
    if (context->needs_input_grad(0)) {
      results[0] = inputGradient(gradient, saved[3]).reshape(saved[0].sizes());
    }
    if (context->needs_input_grad(1)) results[1] = weightGradient(gradient, x, weight);
    if (bias.defined() && bias.requires_grad()) results[2] = sumOfRows(gradient, bias);
    return results;
  }
};

}  // namespace

/// Like `aten::linear`, also under autocast to bfloat16.
///
/// Small weights use `aten::linear`, because oneDNN is not faster. The choice depends on the
/// weight alone, so that it is the same for every batch.
Tensor linear(const Tensor &x, const Tensor &weight, const std::optional<Tensor> &bias) {
  const auto isPlain = [](const Tensor &tensor) {
    return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat &&
           tensor.layout() == at::kStrided;
  };
  const bool hasBias = bias && bias->defined();
  const auto type = autocastType();
  const bool isBFloat16 = type == at::kBFloat16 && supportsOutput(at::kBFloat16);
  const bool isSupported =
      isPlain(x) || (isBFloat16 && x.is_cpu() && x.scalar_type() == at::kBFloat16);
  if ((type && !isBFloat16) || weight.dim() != 2 || weight.numel() < 1 << 14 || x.dim() < 2 ||
      x.numel() == 0 || !isSupported || !isPlain(weight) || (hasBias && !isPlain(*bias)) ||
      x.size(-1) != weight.size(1) || !usesOneDNN()) {
    return at::linear(x, weight, bias);
  }
  const Tensor input =
      isBFloat16 ? at::autocast::cached_cast(*type, x, c10::DeviceType::CPU) : x;
  const WithoutAutocast without;
  return Linear::apply(input, weight, hasBias ? bias : std::nullopt);
}

}  // namespace ct::kernels
