#include "GradientBuffers.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <mutex>
#include <unordered_map>

namespace {

struct Buffers {
  std::mutex mutex;
  /// Keyed by leaf. The caller of `setGradientBuffer` keeps the leaf alive until it removes the
  /// buffer.
  std::unordered_map<const c10::TensorImpl *, at::Tensor> byLeaf;
};

Buffers &buffers() {
  static auto *all = new Buffers;
  return *all;
}

}  // namespace

void ct::setGradientBuffer(const at::Tensor &leaf, const at::Tensor &buffer) {
  TORCH_CHECK(
      leaf.is_leaf() && buffer.sizes() == leaf.sizes() && buffer.is_contiguous() &&
          buffer.options().type_equal(leaf.options()) && buffer.device() == leaf.device(),
      "the buffer of a gradient must be contiguous and have the shape, type and device of its leaf");
  const std::lock_guard<std::mutex> lock(buffers().mutex);
  buffers().byLeaf.insert_or_assign(leaf.unsafeGetTensorImpl(), buffer);
}

void ct::removeGradientBuffer(const at::Tensor &leaf) {
  const std::lock_guard<std::mutex> lock(buffers().mutex);
  buffers().byLeaf.erase(leaf.unsafeGetTensorImpl());
}

at::Tensor ct::gradientOutput(const at::Tensor &leaf) {
  if (!c10::GradMode::is_enabled()) {
    const std::lock_guard<std::mutex> lock(buffers().mutex);
    const auto found = buffers().byLeaf.find(leaf.unsafeGetTensorImpl());
    if (found != buffers().byLeaf.end() && !leaf.grad().defined()) {
      const at::Tensor buffer = std::move(found->second);
      buffers().byLeaf.erase(found);
      // Autograd adopts a gradient without a copy only if it holds the sole reference.
      return buffer.detach();
    }
  }
  return at::empty(leaf.sizes(), leaf.options());
}
