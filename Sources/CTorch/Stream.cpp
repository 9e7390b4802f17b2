#include "Support.hpp"

#include <c10/core/Event.h>
#include <c10/core/Stream.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace {

struct SideStream {
  c10::impl::VirtualGuardImpl guard;
  c10::Stream stream;
};

struct Event {
  c10::Event event;
};

SideStream &side(ct_side_stream stream) { return *reinterpret_cast<SideStream *>(stream); }

}  // namespace

ct_error ct_side_stream_create(int32_t type, int32_t index, ct_side_stream *out) {
  return ct::catching([&] {
    c10::Device device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
    c10::impl::VirtualGuardImpl guard(device.type());
    auto stream = guard.getStreamFromGlobalPool(device);
    *out = reinterpret_cast<ct_side_stream>(new SideStream{guard, stream});
  });
}

void ct_side_stream_release(ct_side_stream stream) { delete reinterpret_cast<SideStream *>(stream); }

ct_error ct_side_stream_begin(ct_side_stream stream, void **native, int32_t *previous) {
  return ct::catching([&] {
    auto &[guard, c10Stream] = side(stream);
    *native = c10Stream.native_handle();
    c10::Event before(c10Stream.device_type());
    before.record(guard.getStream(c10Stream.device()));
    before.block(c10Stream);
    *previous = guard.exchangeDevice(c10Stream.device()).index();
  });
}

ct_error ct_side_stream_end(ct_side_stream stream, int32_t previous) {
  return ct::catching([&] {
    auto &[guard, c10Stream] = side(stream);
    guard.setDevice(c10::Device(c10Stream.device_type(), static_cast<c10::DeviceIndex>(previous)));
  });
}

ct_error ct_side_stream_record_tensor(ct_side_stream stream, ct_tensor tensor) {
  return ct::catching([&] {
    auto &[guard, c10Stream] = side(stream);
    guard.recordDataPtrOnStream(ct::borrow(tensor).storage().data_ptr(), c10Stream);
  });
}

ct_error ct_side_stream_record_event(ct_side_stream stream, ct_event *out) {
  return ct::catching([&] {
    auto &c10Stream = side(stream).stream;
    c10::Event event(c10Stream.device_type());
    event.record(c10Stream);
    *out = reinterpret_cast<ct_event>(new Event{std::move(event)});
  });
}

ct_error ct_event_query(ct_event event, bool *out) {
  return ct::catching([&] { *out = reinterpret_cast<Event *>(event)->event.query(); });
}

void ct_event_release(ct_event event) { delete reinterpret_cast<Event *>(event); }
