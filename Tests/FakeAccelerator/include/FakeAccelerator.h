// Devices of libtorch's kind PrivateUse1 that write down what is asked of their streams, in place of GPUs:
// libtorch's streams and events go the same way for both.
#ifndef FAKE_ACCELERATOR_H
#define FAKE_ACCELERATOR_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The kind as c10::DeviceType.
int32_t fake_accelerator_type(void);

/// What this thread has asked for since its last call, a line each; valid until the next call.
const char *fake_accelerator_log(void);

/// Whether the devices have come to all events.
void fake_accelerator_set_reached(bool reached);

#ifdef __cplusplus
}
#endif
#endif
