// The state of libtorch's default random generators.
#ifndef CT_GENERATOR_H
#define CT_GENERATOR_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The state of a device's default generator as a CPU tensor of bytes: what torch.get_rng_state()
/// and torch.cuda.get_rng_state() return. `type` and `index` are c10::DeviceType and its index.
ct_error ct_generator_get_state(int32_t type, int32_t index, ct_tensor *out);

/// Makes a device's default generator go on from a state that the function above returned.
ct_error ct_generator_set_state(int32_t type, int32_t index, ct_tensor state);

#ifdef __cplusplus
}
#endif
#endif
