#include "Support.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <string>
#include <vector>

#include "lockstep_libtorch.h"

// Adds libtorch's folder to the run path of every program that links this target, so that programs
// need neither LD_LIBRARY_PATH nor linker flags. Swift's driver passes the contents of this section
// to the linker.
__attribute__((section(".swift1_autolink_entries"), used)) static const char runPath[] =
    "-Xlinker\0-rpath=" LOCKSTEP_LIBTORCH_LIB;

namespace {

thread_local std::vector<ct_error> catchScopes;

}  // namespace

void ct_error_free(ct_error error) { std::free(error); }

const char *ct_version(void) { return TORCH_VERSION; }

ct_error ct_set_thread_count(int32_t count) {
  return ct::catching([&] { at::set_num_threads(count); });
}

int32_t ct_thread_count(void) { return at::get_num_threads(); }

ct_error ct_manual_seed(uint64_t seed) {
  return ct::catching([&] { at::manual_seed(seed); });
}

const char *ct_cuda_load_error(void) {
  static const std::string error = [] {
    // By name first: the run path finds the library even if a packager has moved libtorch.
    if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr &&
        dlopen(LOCKSTEP_LIBTORCH_LIB "/libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
      return std::string(dlerror());
    }
    return std::string();
  }();
  return error.empty() ? nullptr : error.c_str();
}

int32_t ct_cuda_device_count(void) {
  static const int32_t count = [] {
    int32_t devices = 0;
    if (ct_cuda_load_error() != nullptr) return devices;
    ct_error error = ct::catching([&] {
      if (at::hasCUDA()) devices = at::detail::getCUDAHooks().deviceCount();
    });
    std::free(error);
    return devices;
  }();
  return count;
}

void ct_catch_begin(void) { catchScopes.push_back(nullptr); }

ct_error ct_catch_end(void) {
  ct_error error = catchScopes.back();
  catchScopes.pop_back();
  return error;
}

bool ct_catch_is_active(void) { return !catchScopes.empty(); }

bool ct_catch_has_failed(void) { return !catchScopes.empty() && catchScopes.back() != nullptr; }

void ct_catch_record(ct_error error) {
  if (ct_catch_is_active() && catchScopes.back() == nullptr) {
    catchScopes.back() = error;
  } else {
    std::free(error);
  }
}
