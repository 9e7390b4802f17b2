#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/utils/lambda_post_hook.h>
#include <torch/csrc/autograd/variable.h>

#include "Support.hpp"

namespace {

// An intrusive_ptr in torch 2.13, a shared_ptr in older releases.
using NodePointer =
    decltype(torch::autograd::impl::grad_accumulator(std::declval<const at::Tensor &>()));

struct GradientHook {
  NodePointer node;
  uintptr_t key;
};

}  // namespace

bool ct_tensor_requires_grad(ct_tensor tensor) {
  return tensor != nullptr && ct::borrow(tensor).requires_grad();
}

ct_error ct_tensor_set_requires_grad(ct_tensor tensor, bool requiresGrad) {
  return ct::catching([&] { ct::borrow(tensor).set_requires_grad(requiresGrad); });
}

bool ct_tensor_is_leaf(ct_tensor tensor) {
  return tensor == nullptr || ct::borrow(tensor).is_leaf();
}

void ct_tensor_gradient(ct_tensor tensor, ct_tensor *out) {
  *out = tensor ? ct::release(ct::borrow(tensor).grad()) : nullptr;
}

ct_error ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient) {
  return ct::catching([&] { ct::borrow(tensor).mutable_grad() = ct::borrow(gradient); });
}

bool ct_grad_mode_is_enabled(void) { return c10::GradMode::is_enabled(); }

void ct_grad_mode_set_enabled(bool enabled) { c10::GradMode::set_enabled(enabled); }

ct_error ct_backward(ct_tensor root, ct_tensor gradient, bool retainGraph) {
  return ct::catching([&] {
    std::vector<at::Tensor> gradients;
    if (gradient != nullptr) gradients.push_back(ct::borrow(gradient));
    torch::autograd::backward({ct::borrow(root)}, gradients, retainGraph);
  });
}

ct_error ct_gradient_hook_add(
    ct_tensor leaf, void *context, ct_error (*callback)(void *), ct_gradient_hook *out) {
  return ct::catching([&] {
    auto node = torch::autograd::impl::grad_accumulator(ct::borrow(leaf));
    TORCH_CHECK(node != nullptr, "a gradient hook needs a leaf that requires a gradient");
    auto key = node->add_post_hook(std::make_unique<torch::autograd::utils::LambdaPostHook>(
        [=](const torch::autograd::variable_list &outputs, const torch::autograd::variable_list &) {
          ct::throwIfFailed(callback(context));
          return outputs;
        }));
    *out = reinterpret_cast<ct_gradient_hook>(new GradientHook{std::move(node), key});
  });
}

void ct_gradient_hook_remove(ct_gradient_hook hook) {
  auto *object = reinterpret_cast<GradientHook *>(hook);
  object->node->del_post_hook(object->key);
  delete object;
}

ct_error ct_backward_queue_callback(void *context, ct_error (*callback)(void *)) {
  return ct::catching([&] {
    torch::autograd::Engine::get_default_engine().queue_callback(
        [=] { ct::throwIfFailed(callback(context)); });
  });
}
