// The state of libtorch's default random generators.
#ifndef CT_GENERATOR_H
#define CT_GENERATOR_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Returns the state of a device's default generator as a CPU tensor of bytes, like
/// torch.get_rng_state() and torch.cuda.get_rng_state(). `type` is a c10::DeviceType.
ct_error ct_generator_get_state(int32_t type, int32_t index, ct_tensor *out);

/// Restores the state of a device's default generator.
ct_error ct_generator_set_state(int32_t type, int32_t index, ct_tensor state);

#ifdef __cplusplus
}
#endif
#endif
