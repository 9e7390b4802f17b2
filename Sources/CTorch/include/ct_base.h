// Errors, threads, random numbers and devices.
#ifndef CT_BASE_H
#define CT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// NULL on success, otherwise a message allocated with malloc that the caller frees.
typedef char *ct_error;
void ct_error_free(ct_error error);

/// libtorch's version, such as "2.13.0". Static storage.
const char *ct_version(void);

/// Number of threads that one operator may use on the CPU.
ct_error ct_set_thread_count(int32_t count);
int32_t ct_thread_count(void);

/// Seeds the default generators of all devices, as torch.manual_seed does.
ct_error ct_manual_seed(uint64_t seed);

/// Loads libtorch_cuda.so, which registers the CUDA kernels, and returns the number of usable GPUs:
/// 0 without that library, a driver or a device.
int32_t ct_cuda_device_count(void);
/// The dynamic loader's error for that library, or NULL if it is loaded. Static storage.
const char *ct_cuda_load_error(void);

/// Begins a scope in which a failed operator is recorded instead of ending the process.
///
/// Scopes belong to a thread and nest. A scope retains its first failure.
void ct_catch_begin(void);
/// Ends the innermost scope and returns its failure, or NULL.
ct_error ct_catch_end(void);
bool ct_catch_is_active(void);
bool ct_catch_has_failed(void);
/// Takes ownership of `error`.
void ct_catch_record(ct_error error);

#ifdef __cplusplus
}
#endif
#endif
