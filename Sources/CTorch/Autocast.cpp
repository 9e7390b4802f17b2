#include "Support.hpp"

#include <ATen/autocast_mode.h>

namespace autocast = at::autocast;

namespace {

ct_autocast stateOf(c10::DeviceType device) {
  return {
      autocast::is_autocast_enabled(device),
      static_cast<int32_t>(autocast::get_autocast_dtype(device)),
  };
}

void set(c10::DeviceType device, const ct_autocast &state) {
  autocast::set_autocast_enabled(device, state.is_enabled);
  autocast::set_autocast_dtype(device, static_cast<c10::ScalarType>(state.dtype));
}

// libtorch keeps one conversion of a parameter, whatever its type: the next scope's operators would
// take one of another type, and refuse it.
void forgetOther(const ct_autocast &from, const ct_autocast &to) {
  if (from.dtype != to.dtype) autocast::clear_cache();
}

}  // namespace

ct_error ct_autocast_begin(int32_t deviceType, ct_autocast state, ct_autocast *previous) {
  return ct::catching([&] {
    auto device = static_cast<c10::DeviceType>(deviceType);
    *previous = stateOf(device);
    forgetOther(*previous, state);
    set(device, state);
    autocast::increment_nesting();
  });
}

void ct_autocast_end(int32_t deviceType, ct_autocast previous) {
  ct_error error = ct::catching([&] {
    auto device = static_cast<c10::DeviceType>(deviceType);
    if (autocast::decrement_nesting() == 0) autocast::clear_cache();
    forgetOther(stateOf(device), previous);
    set(device, previous);
  });
  std::free(error);
}

ct_error ct_autocast_get(int32_t deviceType, ct_autocast *out) {
  return ct::catching([&] { *out = stateOf(static_cast<c10::DeviceType>(deviceType)); });
}
