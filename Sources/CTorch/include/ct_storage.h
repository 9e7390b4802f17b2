// The memory behind tensors, which several may share.
#ifndef CT_STORAGE_H
#define CT_STORAGE_H

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Where a tensor's elements lie in the memory that it may share with others.
typedef struct ct_storage_place {
  /// Equal for tensors that share memory; an identity, not an address to read from.
  const void *storage;
  /// The size of the whole memory, and where the first element lies in it.
  int64_t byte_count;
  int64_t offset_in_elements;
} ct_storage_place;

/// Fails for tensors that are not laid out by strides, such as sparse ones.
ct_error ct_tensor_storage(ct_tensor tensor, ct_storage_place *out);

#ifdef __cplusplus
}
#endif
#endif
