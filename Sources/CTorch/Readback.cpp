#include "Support.hpp"

#include <ATen/ATen.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace {

struct Readback {
  at::Tensor copy;
  c10::Event event;
};

Readback *readback(ct_readback handle) { return reinterpret_cast<Readback *>(handle); }

}  // namespace

ct_error ct_readback_start(ct_tensor tensor, ct_readback *out) {
  return ct::catching([&] {
    const at::Tensor source = ct::borrow(tensor).detach();
    const auto host = source.options().device(at::kCPU).pinned_memory(true);
    auto result = std::make_unique<Readback>(
        at::empty(source.sizes(), host), c10::Event(source.device().type()));
    result->copy.copy_(source, /*non_blocking=*/true);
    const c10::impl::VirtualGuardImpl device(source.device().type());
    result->event.record(device.getStream(source.device()));
    *out = reinterpret_cast<ct_readback>(result.release());
  });
}

ct_error ct_readback_wait(ct_readback handle, ct_tensor *out) {
  return ct::catching([&] {
    readback(handle)->event.synchronize();
    *out = ct::release(readback(handle)->copy);
  });
}

void ct_readback_free(ct_readback handle) { delete readback(handle); }
