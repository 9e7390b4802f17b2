// Numbers on their way from a device to the host, which goes on meanwhile.
#ifndef CT_READBACK_H
#define CT_READBACK_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A copy that a device makes in its turn.
typedef struct ct_readback_impl *ct_readback;

/// Queues the copy behind what the tensor's device was given so far. Not for tensors on the CPU.
ct_error ct_readback_start(ct_tensor tensor, ct_readback *out);

/// Waits until the copy is made, not for what was queued after it, and returns it, a tensor on the CPU.
ct_error ct_readback_wait(ct_readback readback, ct_tensor *out);

void ct_readback_free(ct_readback readback);

#ifdef __cplusplus
}
#endif
#endif
