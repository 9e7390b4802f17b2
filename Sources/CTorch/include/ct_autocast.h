// Mixed precision: which operators run in a shorter type, per thread and kind of device.
#ifndef CT_AUTOCAST_H
#define CT_AUTOCAST_H

#include "ct_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// What autocast is set to on this thread for one kind of device.
typedef struct ct_autocast {
  bool is_enabled;
  /// c10::ScalarType that operators run in.
  int32_t dtype;
} ct_autocast;

/// Sets autocast for a c10::DeviceType; `previous` is what ct_autocast_end gets back.
ct_error ct_autocast_begin(int32_t device_type, ct_autocast state, ct_autocast *previous);

/// Ends a scope. The outermost one of this thread lets go of the converted parameters.
void ct_autocast_end(int32_t device_type, ct_autocast previous);

/// What is set now.
ct_error ct_autocast_get(int32_t device_type, ct_autocast *out);

#ifdef __cplusplus
}
#endif
#endif
