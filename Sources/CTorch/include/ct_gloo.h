// c10d's Gloo engine over a store that lives in Swift.
#ifndef CT_GLOO_H
#define CT_GLOO_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Bytes allocated with malloc; the receiver frees `data`.
typedef struct ct_bytes {
  uint8_t *data;
  size_t count;
} ct_bytes;

/// A store as seen by Gloo. Calls come from any thread and may block. Keys are UTF-8.
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

/// Connects `size` ranks with each other. `host` is an address of this machine that the peers
/// reach, or NULL for the default. Takes ownership of `store.context`, also when it fails.
ct_error ct_gloo_create(
    ct_store store, int32_t rank, int32_t size, const char *host, int64_t timeout_milliseconds,
    ct_gloo *out);
void ct_gloo_release(ct_gloo group);

// Each starts a collective and returns at once. Tensors must be contiguous and stay untouched until
// the work has been waited for.
ct_error ct_gloo_all_reduce(
    ct_gloo group, ct_tensor tensor, ct_reduce_op op, int64_t timeout_milliseconds, ct_work *out);
/// The result is in the root's tensor; the others' hold anything afterwards.
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

// Messages between two ranks; the limit is that of the wait. Their work must be waited for once only.
ct_error ct_gloo_send(ct_gloo group, ct_tensor tensor, int32_t peer, int32_t tag, ct_work *out);
ct_error ct_gloo_receive(ct_gloo group, ct_tensor tensor, int32_t peer, int32_t tag, ct_work *out);

/// Ends all that runs with an error, and closes the connections.
///
/// Gloo has no call for it, but does just this when a message is late; so this waits a millisecond for
/// a message that nobody sends (tag 2^31 - 1).
void ct_gloo_abort(ct_gloo group);

/// Blocks until the work is done; an error when it failed or ran out of time.
ct_error ct_work_wait(ct_work work, int64_t timeout_milliseconds);
bool ct_work_is_completed(ct_work work);
void ct_work_release(ct_work work);

#ifdef __cplusplus
}
#endif
#endif
