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

// Clears the cache of converted parameters if the type changes.
//
// libtorch caches one conversion per parameter, regardless of its type. Operators of the next scope
// would find a conversion to another type and fail.
void clearCacheIfTypeChanges(const ct_autocast &from, const ct_autocast &to) {
  if (from.dtype != to.dtype) autocast::clear_cache();
}

}  // namespace

ct_error ct_autocast_begin(int32_t deviceType, ct_autocast state, ct_autocast *previous) {
  return ct::catching([&] {
    auto device = static_cast<c10::DeviceType>(deviceType);
    *previous = stateOf(device);
    clearCacheIfTypeChanges(*previous, state);
    set(device, state);
    autocast::increment_nesting();
  });
}

void ct_autocast_end(int32_t deviceType, ct_autocast previous) {
  ct_error error = ct::catching([&] {
    auto device = static_cast<c10::DeviceType>(deviceType);
    if (autocast::decrement_nesting() == 0) autocast::clear_cache();
    clearCacheIfTypeChanges(stateOf(device), previous);
    set(device, previous);
  });
  std::free(error);
}

ct_error ct_autocast_get(int32_t deviceType, ct_autocast *out) {
  return ct::catching([&] { *out = stateOf(static_cast<c10::DeviceType>(deviceType)); });
}
