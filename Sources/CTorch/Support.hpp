// Helpers shared by all files: exceptions to error values, handles to tensors.
#pragma once

#include "Libtorch.hpp"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <string>

#include "CTorch.h"

namespace ct {

inline ct_error makeError(const char *message) noexcept {
  char *copy = strdup(message);
  return copy ? copy : strdup("out of memory");
}

/// Runs `body` and returns every exception as an error value.
template <typename Body>
ct_error catching(Body &&body) noexcept {
  try {
    body();
    return nullptr;
  } catch (const c10::Error &error) {
    // The message without the C++ backtrace.
    return makeError(error.what_without_backtrace());
  } catch (const std::exception &error) {
    return makeError(error.what());
  } catch (...) {
    return makeError("unknown C++ exception");
  }
}

/// Throws the error value of a callback as an exception, which libtorch propagates.
inline void throwIfFailed(ct_error error) {
  if (error == nullptr) return;
  std::string message(error);
  std::free(error);
  throw std::runtime_error(message);
}

/// Returns a handle that owns one reference.
inline ct_tensor release(at::Tensor tensor) {
  if (!tensor.defined()) return nullptr;
  return reinterpret_cast<ct_tensor>(tensor.unsafeReleaseTensorImpl());
}

inline c10::TensorImpl *impl(ct_tensor tensor) {
  return reinterpret_cast<c10::TensorImpl *>(tensor);
}

/// Returns a new reference to the tensor of a borrowed handle.
inline at::Tensor borrow(ct_tensor tensor) {
  if (tensor == nullptr) return {};
  using Pointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;
  return at::Tensor(Pointer::unsafe_reclaim_from_nonowning(impl(tensor)));
}

/// Returns a new reference to the generator of a handle.
inline at::Generator borrow(ct_generator generator) {
  return *reinterpret_cast<at::Generator *>(generator);
}

}  // namespace ct
