// Backward, gradients and gradient hooks.
#ifndef CT_AUTOGRAD_H
#define CT_AUTOGRAD_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

bool ct_tensor_requires_grad(ct_tensor tensor);
ct_error ct_tensor_set_requires_grad(ct_tensor tensor, bool requires_grad);
bool ct_tensor_is_leaf(ct_tensor tensor);

/// Writes the name of the function that computes the gradient of a tensor, such as `AddBackward0`,
/// or NULL if no recorded operator returned the tensor. The caller frees the string with free().
ct_error ct_gradient_function_name(ct_tensor tensor, char **out);

/// Returns the accumulated gradient, or NULL if there is none.
void ct_tensor_gradient(ct_tensor tensor, ct_tensor *out);
ct_error ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient);

bool ct_grad_mode_is_enabled(void);
void ct_grad_mode_set_enabled(bool enabled);

/// Runs backward from `root`. `gradient` may be NULL for a one-element root.
ct_error ct_backward(ct_tensor root, ct_tensor gradient, bool retain_graph, bool create_graph);

/// Computes the gradients of `outputs` with respect to `inputs`, and accumulates none.
///
/// `gradients` has one element per output, NULL for a one-element output. `results` receives one
/// tensor per input, which the caller owns; NULL for an input that no output depends on.
ct_error ct_gradients(
    const ct_tensor *outputs, const ct_tensor *gradients, size_t output_count,
    const ct_tensor *inputs, size_t input_count, bool retain_graph, bool create_graph,
    ct_tensor *results);

/// Runs backward from several roots, each with its gradient.
ct_error ct_backward_all(const ct_tensor *roots, const ct_tensor *gradients, size_t count);

/// A hook on a leaf that runs after each accumulation of its gradient.
///
/// The hook retains the AccumulateGrad node: libtorch recreates a node without other references,
/// and a hook on the old node never runs. The callback runs on the thread that runs backward. If it
/// returns an error (allocated with malloc, freed by this library), backward fails with that error.
typedef struct ct_gradient_hook_object *ct_gradient_hook;
ct_error ct_gradient_hook_add(
    ct_tensor leaf, void *context, ct_error (*callback)(void *context), ct_gradient_hook *out);
void ct_gradient_hook_remove(ct_gradient_hook hook);

/// Asks operators to write the leaf's next gradient directly into `buffer` (GradientBuffers.hpp).
/// The request ends when the gradient is written or the hook is removed.
ct_error ct_gradient_hook_set_buffer(ct_gradient_hook hook, ct_tensor buffer);

/// Runs `callback` once, after the current backward pass of this thread. Valid only inside a
/// backward pass.
ct_error ct_backward_queue_callback(void *context, ct_error (*callback)(void *context));

/// Writes, for each of `leaves`, whether backward from any of `roots` would reach it.
ct_error ct_graph_reaches(
    const ct_tensor *roots, size_t root_count, const ct_tensor *leaves, size_t leaf_count,
    bool *out);

/// Computes the gradients of the inputs of a function from the gradients of its outputs.
///
/// An output gradient is NULL if the output received none. The callback writes one gradient per
/// input to `input_gradients`, NULL for an input that needs none, and passes ownership of them.
typedef ct_error (*ct_backward_function)(
    void *context, const ct_tensor *output_gradients, ct_tensor *input_gradients);

/// Records `outputs`, tensors without a graph, as a function of `inputs`.
///
/// `release(context)` runs when the graph is freed, or immediately if nothing is recorded.
ct_error ct_custom_function(
    const ct_tensor *outputs, size_t output_count, const ct_tensor *inputs, size_t input_count,
    void *context, ct_backward_function backward, void (*release)(void *context));

#ifdef __cplusplus
}
#endif
#endif
