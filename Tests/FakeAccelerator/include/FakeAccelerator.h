// Devices of libtorch's type PrivateUse1 that log the calls on their streams, in place of GPUs: libtorch's streams
// and events use the same interface for both.
#ifndef FAKE_ACCELERATOR_H
#define FAKE_ACCELERATOR_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Returns the device type, a c10::DeviceType.
int32_t fake_accelerator_type(void);

/// Returns this thread's log since its last call, one line per entry; valid until the next call.
const char *fake_accelerator_log(void);

/// Sets whether all events are complete.
void fake_accelerator_set_complete(bool complete);

#ifdef __cplusplus
}
#endif
#endif
