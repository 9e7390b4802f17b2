// Properties of tensors: shape, type and memory. Operators go through ct_dispatch.h.
#ifndef CT_TENSOR_H
#define CT_TENSOR_H

#include "ct_base.h"

#ifdef __cplusplus
extern "C" {
#endif

/// A reference to a c10::TensorImpl; NULL is the undefined tensor.
typedef struct ct_tensor_impl *ct_tensor;

ct_tensor ct_tensor_retain(ct_tensor tensor);
void ct_tensor_release(ct_tensor tensor);
bool ct_tensor_is_same(ct_tensor a, ct_tensor b);

int64_t ct_tensor_dim(ct_tensor tensor);
// Each writes `ct_tensor_dim` elements.
void ct_tensor_sizes(ct_tensor tensor, int64_t *out);
void ct_tensor_strides(ct_tensor tensor, int64_t *out);
int64_t ct_tensor_element_count(ct_tensor tensor);
/// The c10::ScalarType of the elements.
int32_t ct_tensor_dtype(ct_tensor tensor);
/// The c10::DeviceType and the index, -1 if the type has only one device.
void ct_tensor_device(ct_tensor tensor, int32_t *type, int32_t *index);
bool ct_tensor_is_contiguous(ct_tensor tensor);
/// The address of the first element, on the tensor's device.
ct_error ct_tensor_data(ct_tensor tensor, void **out);

/// Creates a contiguous CPU tensor over existing memory, without a copy. `release(context)` runs
/// when libtorch no longer uses the memory.
ct_error ct_tensor_from_memory(
    void *data, const int64_t *sizes, int64_t dim, int32_t dtype, void *context,
    void (*release)(void *context), ct_tensor *out);

/// Makes `tensor` use the memory of `source`, like an assignment to `.data` in Python.
ct_error ct_tensor_set_data(ct_tensor tensor, ct_tensor source);

// The element of a one-element tensor, converted.
ct_error ct_tensor_item_double(ct_tensor tensor, double *out);
ct_error ct_tensor_item_int(ct_tensor tensor, int64_t *out);

/// The tensor as libtorch prints it. The caller frees the string with free().
ct_error ct_tensor_description(ct_tensor tensor, char **out);

#ifdef __cplusplus
}
#endif
#endif
