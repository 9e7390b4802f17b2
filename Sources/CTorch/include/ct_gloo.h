// c10d's Gloo backend over a store implemented in Swift.
#ifndef CT_GLOO_H
#define CT_GLOO_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes allocated with malloc. The receiver frees `data`.
typedef struct ct_bytes {
  uint8_t *data;
  size_t count;
} ct_bytes;

/// The store that Gloo uses. Gloo calls it from any thread; calls may block. Keys are UTF-8.
typedef struct ct_store {
  void *context;
  void (*release)(void *context);
  ct_error (*set)(void *context, const char *key, const uint8_t *value, size_t count);
  ct_error (*get)(void *context, const char *key, ct_bytes *out);
  ct_error (*add)(void *context, const char *key, int64_t amount, int64_t *out);
  ct_error (*wait)(
      void *context, const char *const *keys, size_t key_count, int64_t timeout_milliseconds);
  ct_error (*delete_key)(void *context, const char *key, bool *out);
  ct_error (*check)(void *context, const char *const *keys, size_t key_count, bool *out);
} ct_store;

typedef struct ct_gloo_object *ct_gloo;
typedef struct ct_work_object *ct_work;

/// c10d::ReduceOp: sum 0, average 1, product 2, min 3, max 4, and 5, or 6, xor 7.
typedef int32_t ct_reduce_op;

/// Connects `size` ranks. `host` is an address of this node that the peers can reach, or NULL for
/// the default. Takes ownership of `store.context`, also if it fails.
ct_error ct_gloo_create(
    ct_store store, int32_t rank, int32_t size, const char *host, int64_t timeout_milliseconds,
    ct_gloo *out);
void ct_gloo_release(ct_gloo group);

// Each function starts a collective and returns immediately. Tensors must be contiguous, and must
// not be used until ct_work_wait has returned.
ct_error ct_gloo_all_reduce(
    ct_gloo group, ct_tensor tensor, ct_reduce_op op, int64_t timeout_milliseconds, ct_work *out);
/// The root's tensor receives the result. The contents of the other tensors are undefined.
ct_error ct_gloo_reduce(
    ct_gloo group, ct_tensor tensor, ct_reduce_op op, int32_t root, int64_t timeout_milliseconds,
    ct_work *out);
/// `input` has `size` times the elements of `output`.
ct_error ct_gloo_reduce_scatter(
    ct_gloo group, ct_tensor output, ct_tensor input, ct_reduce_op op,
    int64_t timeout_milliseconds, ct_work *out);
ct_error ct_gloo_broadcast(
    ct_gloo group, ct_tensor tensor, int32_t root, int64_t timeout_milliseconds, ct_work *out);
/// `output` has `size` times the elements of `input`.
ct_error ct_gloo_all_gather(
    ct_gloo group, ct_tensor output, ct_tensor input, int64_t timeout_milliseconds, ct_work *out);
ct_error ct_gloo_barrier(ct_gloo group, int64_t timeout_milliseconds, ct_work *out);

// Messages between two ranks. The timeout is that of ct_work_wait, which must be called exactly
// once.
ct_error ct_gloo_send(ct_gloo group, ct_tensor tensor, int32_t peer, int32_t tag, ct_work *out);
ct_error ct_gloo_receive(ct_gloo group, ct_tensor tensor, int32_t peer, int32_t tag, ct_work *out);

/// Fails all running work and closes the connections.
///
/// Gloo has no function that does this, but a receive that times out has this effect. This function
/// therefore waits one millisecond for a message that is never sent (tag 2^31 - 1).
void ct_gloo_abort(ct_gloo group);

/// Waits for the work to complete; returns an error if it failed or timed out.
ct_error ct_work_wait(ct_work work, int64_t timeout_milliseconds);
bool ct_work_is_completed(ct_work work);
void ct_work_release(ct_work work);

#ifdef __cplusplus
}
#endif
#endif
