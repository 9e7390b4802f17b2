// Mixed precision: the state of autocast, per thread and device type.
#ifndef CT_AUTOCAST_H
#define CT_AUTOCAST_H

#include "ct_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The state of autocast on this thread for one device type.
typedef struct ct_autocast {
  bool is_enabled;
  /// The c10::ScalarType in which operators compute.
  int32_t dtype;
} ct_autocast;

/// Begins a scope with `state` for a c10::DeviceType. Pass `previous` to ct_autocast_end.
ct_error ct_autocast_begin(int32_t device_type, ct_autocast state, ct_autocast *previous);

/// Ends a scope. The end of the outermost scope of a thread releases its converted parameters.
void ct_autocast_end(int32_t device_type, ct_autocast previous);

/// Returns the current state.
ct_error ct_autocast_get(int32_t device_type, ct_autocast *out);

#ifdef __cplusplus
}
#endif
#endif
