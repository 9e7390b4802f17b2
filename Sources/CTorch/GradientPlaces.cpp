#include "GradientPlaces.hpp"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <mutex>
#include <unordered_map>

namespace {

struct Places {
  std::mutex mutex;
  /// By leaf, which whoever offers keeps alive until it withdraws.
  std::unordered_map<const c10::TensorImpl *, at::Tensor> places;
};

Places &all() {
  static auto *all = new Places;
  return *all;
}

}  // namespace

void ct::offerGradientPlace(const at::Tensor &leaf, const at::Tensor &place) {
  TORCH_CHECK(
      leaf.is_leaf() && place.sizes() == leaf.sizes() && place.is_contiguous() &&
          place.options().type_equal(leaf.options()) && place.device() == leaf.device(),
      "the place of a gradient must be contiguous and of its shape, type and device");
  const std::lock_guard<std::mutex> lock(all().mutex);
  all().places.insert_or_assign(leaf.unsafeGetTensorImpl(), place);
}

void ct::withdrawGradientPlace(const at::Tensor &leaf) {
  const std::lock_guard<std::mutex> lock(all().mutex);
  all().places.erase(leaf.unsafeGetTensorImpl());
}

at::Tensor ct::gradientMemory(const at::Tensor &leaf) {
  if (!c10::GradMode::is_enabled()) {
    const std::lock_guard<std::mutex> lock(all().mutex);
    const auto found = all().places.find(leaf.unsafeGetTensorImpl());
    if (found != all().places.end() && !leaf.grad().defined()) {
      const at::Tensor place = std::move(found->second);
      all().places.erase(found);
      // Autograd takes over a tensor that nobody else holds.
      return place.detach();
    }
  }
  return at::empty(leaf.sizes(), leaf.options());
}
