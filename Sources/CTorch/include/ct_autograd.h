// Backward, gradients, and the hooks that data parallelism hangs on.
#ifndef CT_AUTOGRAD_H
#define CT_AUTOGRAD_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

bool ct_tensor_requires_grad(ct_tensor tensor);
ct_error ct_tensor_set_requires_grad(ct_tensor tensor, bool requires_grad);
bool ct_tensor_is_leaf(ct_tensor tensor);

/// The accumulated gradient; NULL when there is none.
void ct_tensor_gradient(ct_tensor tensor, ct_tensor *out);
ct_error ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient);

bool ct_grad_mode_is_enabled(void);
void ct_grad_mode_set_enabled(bool enabled);

/// Runs backward from `root`. `gradient` may be NULL for a one-element root.
ct_error ct_backward(ct_tensor root, ct_tensor gradient, bool retain_graph);

/// A hook on a leaf that runs each time its gradient has been accumulated.
///
/// Its object keeps the AccumulateGrad node alive: a hook on a node that nobody holds never fires.
/// The callback runs on the thread of the engine; when it returns an error (malloc, owned by the
/// engine), backward stops with it.
typedef struct ct_gradient_hook_object *ct_gradient_hook;
ct_error ct_gradient_hook_add(
    ct_tensor leaf, void *context, ct_error (*callback)(void *context), ct_gradient_hook *out);
void ct_gradient_hook_remove(ct_gradient_hook hook);

/// Wants the leaf's next gradient in `place`, until the hook is removed (GradientPlaces.hpp).
ct_error ct_gradient_hook_offer(ct_gradient_hook hook, ct_tensor place);

/// Runs `callback` once, when the backward pass that is running on this thread has finished.
/// Only valid inside a backward pass.
ct_error ct_backward_queue_callback(void *context, ct_error (*callback)(void *context));

/// Whether backward from any of `roots` would reach each of `leaves`; writes `leaf_count` flags.
ct_error ct_graph_reaches(
    const ct_tensor *roots, size_t root_count, const ct_tensor *leaves, size_t leaf_count,
    bool *out);

/// Computes the gradients of a function's inputs from that of its output. Either may be NULL: a
/// gradient that did not come, one that is not needed. The results, owned by the engine, are written
/// to `input_gradients`, which has as many places as the function has inputs.
typedef ct_error (*ct_backward_function)(
    void *context, ct_tensor output_gradient, ct_tensor *input_gradients);

/// Makes `output`, which no recorded operator made, a function of `inputs` in the graph.
/// `release(context)` runs when the graph lets go of it, at once when nothing is recorded.
ct_error ct_custom_function(
    ct_tensor output, const ct_tensor *inputs, size_t input_count, void *context,
    ct_backward_function backward, void (*release)(void *context));

#ifdef __cplusplus
}
#endif
#endif
