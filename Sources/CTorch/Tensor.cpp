#include "Support.hpp"

#include <ATen/core/Formatting.h>
#include <ATen/ops/from_blob.h>

#include <sstream>

ct_tensor ct_tensor_retain(ct_tensor tensor) {
  return ct::release(ct::borrow(tensor));
}

void ct_tensor_release(ct_tensor tensor) {
  if (tensor != nullptr) {
    c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(ct::impl(tensor));
  }
}

bool ct_tensor_is_same(ct_tensor a, ct_tensor b) { return a == b; }

int64_t ct_tensor_dim(ct_tensor tensor) { return tensor ? ct::impl(tensor)->dim() : 0; }

void ct_tensor_sizes(ct_tensor tensor, int64_t *out) {
  if (tensor == nullptr) return;
  for (int64_t size : ct::impl(tensor)->sizes()) *out++ = size;
}

void ct_tensor_strides(ct_tensor tensor, int64_t *out) {
  if (tensor == nullptr) return;
  for (int64_t stride : ct::impl(tensor)->strides()) *out++ = stride;
}

int64_t ct_tensor_element_count(ct_tensor tensor) {
  return tensor ? ct::impl(tensor)->numel() : 0;
}

int32_t ct_tensor_dtype(ct_tensor tensor) {
  if (tensor == nullptr) return static_cast<int32_t>(c10::ScalarType::Float);
  return static_cast<int32_t>(c10::typeMetaToScalarType(ct::impl(tensor)->dtype()));
}

void ct_tensor_device(ct_tensor tensor, int32_t *type, int32_t *index) {
  c10::Device device = tensor ? ct::impl(tensor)->device() : c10::Device(c10::kCPU);
  *type = static_cast<int32_t>(device.type());
  *index = device.index();
}

bool ct_tensor_is_contiguous(ct_tensor tensor) {
  return tensor == nullptr || ct::impl(tensor)->is_contiguous();
}

ct_error ct_tensor_data(ct_tensor tensor, void **out) {
  return ct::catching([&] { *out = tensor ? ct::impl(tensor)->mutable_data() : nullptr; });
}

ct_error ct_tensor_from_memory(
    void *data, const int64_t *sizes, int64_t dim, int32_t dtype, void *context,
    void (*releaseMemory)(void *), ct_tensor *out) {
  return ct::catching([&] {
    auto options = at::TensorOptions().dtype(static_cast<c10::ScalarType>(dtype));
    *out = ct::release(at::from_blob(
        data, at::IntArrayRef(sizes, dim), [=](void *) { releaseMemory(context); }, options));
  });
}

ct_error ct_tensor_set_data(ct_tensor tensor, ct_tensor source) {
  return ct::catching([&] { ct::borrow(tensor).set_data(ct::borrow(source)); });
}

ct_error ct_tensor_item_double(ct_tensor tensor, double *out) {
  return ct::catching([&] { *out = ct::borrow(tensor).item().toDouble(); });
}

ct_error ct_tensor_item_int(ct_tensor tensor, int64_t *out) {
  return ct::catching([&] { *out = ct::borrow(tensor).item().toLong(); });
}

ct_error ct_tensor_description(ct_tensor tensor, char **out) {
  return ct::catching([&] {
    std::ostringstream stream;
    stream << ct::borrow(tensor);
    *out = strdup(stream.str().c_str());
  });
}
