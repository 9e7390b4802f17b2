#include "Support.hpp"

#include <c10/core/TensorImpl.h>

ct_error ct_tensor_storage(ct_tensor tensor, ct_storage_view *out) {
  return ct::catching([&] {
    TORCH_CHECK(tensor != nullptr, "an undefined tensor has no storage");
    const auto &storage = ct::impl(tensor)->storage();
    out->storage = storage.unsafeGetStorageImpl();
    out->byte_count = static_cast<int64_t>(storage.nbytes());
    out->offset_in_elements = ct::impl(tensor)->storage_offset();
  });
}
