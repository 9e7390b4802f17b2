#include "Support.hpp"

#include <ATen/CPUGeneratorImpl.h>
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

ct_error ct_generator_create(int32_t type, int32_t index, uint64_t seed, ct_generator *out) {
  return ct::catching([&] {
    c10::Device device(
        static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
    // Only the device's own library, opened at run time, can create a generator for it.
    at::Generator generator = device.is_cpu()
        ? at::make_generator<at::CPUGeneratorImpl>(seed)
        : at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(
              device.index());
    generator.set_current_seed(seed);
    *out = reinterpret_cast<ct_generator>(new at::Generator(std::move(generator)));
  });
}

void ct_generator_release(ct_generator generator) {
  delete reinterpret_cast<at::Generator *>(generator);
}

ct_error ct_generator_set_seed(ct_generator generator, uint64_t seed) {
  return ct::catching([&] {
    at::Generator own = ct::borrow(generator);
    std::lock_guard<std::mutex> lock(own.mutex());
    own.set_current_seed(seed);
  });
}

ct_error ct_generator_state(ct_generator generator, ct_tensor *out) {
  return ct::catching([&] {
    at::Generator own = ct::borrow(generator);
    std::lock_guard<std::mutex> lock(own.mutex());
    *out = ct::release(own.get_state());
  });
}

ct_error ct_generator_restore(ct_generator generator, ct_tensor state) {
  return ct::catching([&] {
    at::Generator own = ct::borrow(generator);
    std::lock_guard<std::mutex> lock(own.mutex());
    own.set_state(ct::borrow(state));
  });
}
