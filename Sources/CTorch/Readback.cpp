#include "Support.hpp"

#include <ATen/ATen.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace {

struct Readback {
  at::Tensor copy;
  c10::Event made;
};

Readback *readback(ct_readback handle) { return reinterpret_cast<Readback *>(handle); }

}  // namespace

ct_error ct_readback_start(ct_tensor tensor, ct_readback *out) {
  return ct::catching([&] {
    const at::Tensor source = ct::borrow(tensor).detach();
    const auto host = source.options().device(at::kCPU).pinned_memory(true);
    auto made = std::make_unique<Readback>(
        at::empty(source.sizes(), host), c10::Event(source.device().type()));
    made->copy.copy_(source, /*non_blocking=*/true);
    const c10::impl::VirtualGuardImpl device(source.device().type());
    made->made.record(device.getStream(source.device()));
    *out = reinterpret_cast<ct_readback>(made.release());
  });
}

ct_error ct_readback_wait(ct_readback handle, ct_tensor *out) {
  return ct::catching([&] {
    readback(handle)->made.synchronize();
    *out = ct::release(readback(handle)->copy);
  });
}

void ct_readback_free(ct_readback handle) { delete readback(handle); }
