// Asynchronous copies from a device to the host.
#ifndef CT_READBACK_H
#define CT_READBACK_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A copy in the queue of a device.
typedef struct ct_readback_impl *ct_readback;

/// Queues a copy on the current stream of the tensor's device. The tensor must not be on the CPU.
ct_error ct_readback_start(ct_tensor tensor, ct_readback *out);

/// Waits for the copy, but not for work queued after it, and returns it as a CPU tensor.
ct_error ct_readback_wait(ct_readback readback, ct_tensor *out);

void ct_readback_free(ct_readback readback);

#ifdef __cplusplus
}
#endif
#endif
