#include "Support.hpp"

#include <ATen/Context.h>

#include <mutex>

namespace {

const at::Generator &defaultGenerator(int32_t type, int32_t index) {
  return at::globalContext().defaultGenerator(
      c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index)));
}

}  // namespace

ct_error ct_generator_get_state(int32_t type, int32_t index, ct_tensor *out) {
  return ct::catching([&] {
    at::Generator generator = defaultGenerator(type, index);
    // Other threads may draw at the same time.
    std::lock_guard<std::mutex> lock(generator.mutex());
    *out = ct::release(generator.get_state());
  });
}

ct_error ct_generator_set_state(int32_t type, int32_t index, ct_tensor state) {
  return ct::catching([&] {
    at::Generator generator = defaultGenerator(type, index);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(ct::borrow(state));
  });
}
