// The Gaussian error linear unit on the CPU.
#include "Kernels.hpp"

namespace ct::kernels {

namespace {

struct GELU : Function<GELU> {
  static Tensor forward(AutogradContext *context, const Tensor &input) {
    const Tensor x = input.contiguous();
    context->save_for_backward({x});
    Tensor y = at::empty(x.sizes(), x.options());
    const auto *from = static_cast<const char *>(x.const_data_ptr());
    auto *to = static_cast<char *>(y.data_ptr());
    run(x, [&](int64_t offset, int64_t count, ck_type type) {
      best().gelu_forward(count, type, from + offset, to + offset);
    });
    return y;
  }

  static Tensors backward(AutogradContext *context, Tensors gradients) {
    const Tensor x = context->get_saved_variables()[0], dy = gradients[0].contiguous();
    Tensor dx = at::empty(x.sizes(), x.options());
    const auto *from = static_cast<const char *>(x.const_data_ptr());
    const auto *gradient = static_cast<const char *>(dy.const_data_ptr());
    auto *to = static_cast<char *>(dx.data_ptr());
    run(x, [&](int64_t offset, int64_t count, ck_type type) {
      best().gelu_backward(count, type, from + offset, gradient + offset, to + offset);
    });
    return {dx};
  }

 private:
  /// Runs `body(byte offset, element count, type)` for ranges of elements, in parallel.
  template <typename Body>
  static void run(const Tensor &x, Body &&body) {
    const ck_type type = rows(x.view({1, -1})).type;
    at::parallel_for(0, x.numel(), 1 << 15, [&](int64_t first, int64_t last) {
      body(first * byteWidth(type), last - first, type);
    });
  }
};

}  // namespace

Tensor gelu(const Tensor &input) { return GELU::apply(input); }

}  // namespace ct::kernels
