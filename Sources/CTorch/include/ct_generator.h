// libtorch's random generators: the default ones and independent ones.
#ifndef CT_GENERATOR_H
#define CT_GENERATOR_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// An at::Generator that the caller owns.
typedef struct ct_generator_object *ct_generator;

/// Creates a generator. `type` is a c10::DeviceType.
ct_error ct_generator_create(int32_t type, int32_t index, uint64_t seed, ct_generator *out);
void ct_generator_release(ct_generator generator);
ct_error ct_generator_set_seed(ct_generator generator, uint64_t seed);

/// Returns the state of a generator as a CPU tensor of bytes.
ct_error ct_generator_state(ct_generator generator, ct_tensor *out);
ct_error ct_generator_restore(ct_generator generator, ct_tensor state);

/// Returns the state of a device's default generator as a CPU tensor of bytes, like
/// torch.get_rng_state() and torch.cuda.get_rng_state(). `type` is a c10::DeviceType.
ct_error ct_generator_get_state(int32_t type, int32_t index, ct_tensor *out);

/// Restores the state of a device's default generator.
ct_error ct_generator_set_state(int32_t type, int32_t index, ct_tensor state);

#ifdef __cplusplus
}
#endif
#endif
