#include "Support.hpp"

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/utils/lambda_post_hook.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include <unordered_set>

#include "GradientBuffers.hpp"

namespace {

// An intrusive_ptr in torch 2.13, a shared_ptr in older releases.
using NodePointer =
    decltype(torch::autograd::impl::grad_accumulator(std::declval<const at::Tensor &>()));

struct GradientHook {
  at::Tensor leaf;
  NodePointer node;
  uintptr_t key;
};

using ReleaseContext = void (*)(void *);

/// A node of the graph that computes its gradients with a callback.
struct CallbackNode : torch::autograd::Node {
  std::shared_ptr<void> context;
  ct_backward_function backward = nullptr;

  torch::autograd::variable_list apply(torch::autograd::variable_list &&outputs) override {
    std::vector<ct_tensor> outer;
    for (const auto &gradient : outputs) {
      outer.push_back(
          gradient.defined() ? reinterpret_cast<ct_tensor>(gradient.unsafeGetTensorImpl())
                             : nullptr);
    }
    std::vector<ct_tensor> gradients(num_outputs(), nullptr);
    ct_error error = backward(context.get(), outer.data(), gradients.data());
    torch::autograd::variable_list inputs;
    for (ct_tensor gradient : gradients) {
      inputs.push_back(ct::borrow(gradient));
      ct_tensor_release(gradient);
    }
    ct::throwIfFailed(error);
    return inputs;
  }
};

template <typename Pointer>
Pointer makeCallbackNode() {
  if constexpr (std::is_same_v<Pointer, std::shared_ptr<torch::autograd::Node>>) {
    return Pointer(new CallbackNode());
  } else {
    return c10::make_intrusive<CallbackNode>();
  }
}

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

ct_error ct_gradient_function_name(ct_tensor tensor, char **out) {
  return ct::catching([&] {
    *out = nullptr;
    if (tensor == nullptr) return;
    const auto &node = ct::borrow(tensor).grad_fn();
    if (node) *out = strdup(node->name().c_str());
  });
}

void ct_tensor_gradient(ct_tensor tensor, ct_tensor *out) {
  *out = tensor ? ct::release(ct::borrow(tensor).grad()) : nullptr;
}

ct_error ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient) {
  return ct::catching([&] { ct::borrow(tensor).mutable_grad() = ct::borrow(gradient); });
}

bool ct_grad_mode_is_enabled(void) { return c10::GradMode::is_enabled(); }

void ct_grad_mode_set_enabled(bool enabled) { c10::GradMode::set_enabled(enabled); }

ct_error ct_backward(ct_tensor root, ct_tensor gradient, bool retainGraph, bool createGraph) {
  return ct::catching([&] {
    std::vector<at::Tensor> gradients;
    if (gradient != nullptr) gradients.push_back(ct::borrow(gradient));
    torch::autograd::backward({ct::borrow(root)}, gradients, retainGraph, createGraph);
  });
}

ct_error ct_gradients(
    const ct_tensor *outputs, const ct_tensor *gradients, size_t outputCount,
    const ct_tensor *inputs, size_t inputCount, bool retainGraph, bool createGraph,
    ct_tensor *results) {
  return ct::catching([&] {
    torch::autograd::variable_list roots, seeds, leaves;
    for (size_t index = 0; index < outputCount; index++) {
      roots.push_back(ct::borrow(outputs[index]));
      seeds.push_back(ct::borrow(gradients[index]));
    }
    for (size_t index = 0; index < inputCount; index++) leaves.push_back(ct::borrow(inputs[index]));
    auto found = torch::autograd::grad(
        roots, leaves, seeds, retainGraph, createGraph, /*allow_unused=*/true);
    for (size_t index = 0; index < inputCount; index++) {
      results[index] = ct::release(std::move(found[index]));
    }
  });
}

ct_error ct_backward_all(const ct_tensor *roots, const ct_tensor *gradients, size_t count) {
  return ct::catching([&] {
    torch::autograd::variable_list tensors, seeds;
    for (size_t index = 0; index < count; index++) {
      tensors.push_back(ct::borrow(roots[index]));
      seeds.push_back(ct::borrow(gradients[index]));
    }
    torch::autograd::backward(tensors, seeds);
  });
}

ct_error ct_gradient_hook_add(
    ct_tensor leaf, void *context, ct_error (*callback)(void *), ct_gradient_hook *out) {
  return ct::catching([&] {
    auto node = torch::autograd::impl::grad_accumulator(ct::borrow(leaf));
    TORCH_CHECK(node != nullptr, "a gradient hook requires a leaf tensor with requires_grad");
    auto key = node->add_post_hook(std::make_unique<torch::autograd::utils::LambdaPostHook>(
        [=](const torch::autograd::variable_list &outputs, const torch::autograd::variable_list &) {
          ct::throwIfFailed(callback(context));
          return outputs;
        }));
    *out = reinterpret_cast<ct_gradient_hook>(
        new GradientHook{ct::borrow(leaf), std::move(node), key});
  });
}

ct_error ct_gradient_hook_set_buffer(ct_gradient_hook hook, ct_tensor buffer) {
  return ct::catching([&] {
    ct::setGradientBuffer(reinterpret_cast<GradientHook *>(hook)->leaf, ct::borrow(buffer));
  });
}

void ct_gradient_hook_remove(ct_gradient_hook hook) {
  auto *object = reinterpret_cast<GradientHook *>(hook);
  ct::removeGradientBuffer(object->leaf);
  object->node->del_post_hook(object->key);
  delete object;
}

ct_error ct_backward_queue_callback(void *context, ct_error (*callback)(void *)) {
  return ct::catching([&] {
    torch::autograd::Engine::get_default_engine().queue_callback(
        [=] { ct::throwIfFailed(callback(context)); });
  });
}

ct_error ct_graph_reaches(
    const ct_tensor *roots, size_t rootCount, const ct_tensor *leaves, size_t leafCount,
    bool *out) {
  return ct::catching([&] {
    std::unordered_set<const torch::autograd::Node *> seen;
    std::vector<const torch::autograd::Node *> open;
    auto visit = [&](const torch::autograd::Node *node) {
      if (node != nullptr && seen.insert(node).second) open.push_back(node);
    };
    for (size_t index = 0; index < rootCount; index++) {
      auto root = ct::borrow(roots[index]);
      if (root.requires_grad()) visit(torch::autograd::impl::gradient_edge(root).function.get());
    }
    while (!open.empty()) {
      const auto *node = open.back();
      open.pop_back();
      for (const auto &edge : node->next_edges()) visit(edge.function.get());
    }
    for (size_t index = 0; index < leafCount; index++) {
      auto node = torch::autograd::impl::try_get_grad_accumulator(ct::borrow(leaves[index]));
      out[index] = node != nullptr && seen.count(node.get()) > 0;
    }
  });
}

ct_error ct_custom_function(
    const ct_tensor *outputs, size_t outputCount, const ct_tensor *inputs, size_t inputCount,
    void *context, ct_backward_function backward, ReleaseContext releaseContext) {
  std::shared_ptr<void> owner(context, releaseContext);
  return ct::catching([&] {
    torch::autograd::variable_list variables;
    bool requiresGrad = false;
    for (size_t index = 0; index < inputCount; index++) {
      variables.push_back(ct::borrow(inputs[index]));
      requiresGrad =
          requiresGrad || (variables.back().defined() && variables.back().requires_grad());
    }
    if (!requiresGrad || !c10::GradMode::is_enabled()) return;
    auto node = makeCallbackNode<NodePointer>();
    auto *callback = static_cast<CallbackNode *>(node.get());
    callback->context = owner;
    callback->backward = backward;
    callback->set_next_edges(torch::autograd::collect_next_edges(variables));
    for (size_t index = 0; index < outputCount; index++) {
      auto output = ct::borrow(outputs[index]);
      torch::autograd::create_gradient_edge(output, node);
    }
  });
}
