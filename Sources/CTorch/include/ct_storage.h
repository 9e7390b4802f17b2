// The storages of tensors, which tensors may share.
#ifndef CT_STORAGE_H
#define CT_STORAGE_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The position of a tensor in its storage.
typedef struct ct_storage_view {
  /// Identifies the storage; equal for tensors that share memory. Not an address of the elements.
  const void *storage;
  /// The size of the storage.
  int64_t byte_count;
  /// The position of the first element of the tensor.
  int64_t offset_in_elements;
} ct_storage_view;

/// Returns the storage of a tensor. Fails for tensors without strides, such as sparse ones.
ct_error ct_tensor_storage(ct_tensor tensor, ct_storage_view *out);

#ifdef __cplusplus
}
#endif
#endif
