#include "FakeAccelerator.h"

#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <string>

namespace {

thread_local std::string notes, told;
bool isReached = false;
thread_local c10::DeviceIndex current = 0;
intptr_t eventCount = 0;

void note(const std::string &line) { notes += line + "\n"; }

std::string name(const c10::Stream &stream) {
  return "stream " + std::to_string(stream.device_index()) + ":" + std::to_string(stream.id());
}

std::string name(void *event) {
  return "event " + std::to_string(reinterpret_cast<intptr_t>(event));
}

/// Stream 0 of a device is the current one, stream 7 the one of the pool.
struct Guard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return c10::DeviceType::PrivateUse1; }
  c10::Device exchangeDevice(c10::Device device) const override {
    auto before = getDevice();
    setDevice(device);
    return before;
  }
  c10::Device getDevice() const override { return {type(), current}; }
  void setDevice(c10::Device device) const override {
    note("device " + std::to_string(device.index()));
    current = device.index();
  }
  void uncheckedSetDevice(c10::Device device) const noexcept override { setDevice(device); }
  // So that libtorch takes no notice of them by itself.
  c10::DeviceIndex deviceCount() const noexcept override { return 0; }

  c10::Stream getStream(c10::Device device) const override { return stream(device, 0); }
  c10::Stream getStreamFromGlobalPool(c10::Device device, bool) const override {
    return stream(device, 7);
  }
  c10::Stream exchangeStream(c10::Stream stream) const override { return stream; }
  void *getStreamNativeHandle(const c10::Stream stream) const override {
    return reinterpret_cast<void *>(static_cast<intptr_t>(stream.device_index() * 100 + stream.id()));
  }

  void record(
      void **event, const c10::Stream &stream, c10::DeviceIndex, c10::EventFlag) const override {
    if (*event == nullptr) *event = reinterpret_cast<void *>(++eventCount);
    note(name(*event) + " in " + name(stream));
  }
  void block(void *event, const c10::Stream &stream) const override {
    note(name(stream) + " waits for " + name(event));
  }
  bool queryEvent(void *) const override { return isReached; }
  void destroyEvent(void *event, c10::DeviceIndex) const noexcept override {
    note(name(event) + " ends");
  }
  void recordDataPtrOnStream(const c10::DataPtr &, const c10::Stream &stream) const override {
    note("memory is kept for " + name(stream));
  }

 private:
  c10::Stream stream(c10::Device device, c10::StreamId id) const {
    return c10::Stream(c10::Stream::UNSAFE, device, id);
  }
};

C10_REGISTER_GUARD_IMPL(PrivateUse1, Guard)

}  // namespace

int32_t fake_accelerator_type(void) { return static_cast<int32_t>(c10::DeviceType::PrivateUse1); }

const char *fake_accelerator_log(void) {
  told = notes;
  notes.clear();
  return told.c_str();
}

void fake_accelerator_set_reached(bool reached) { isReached = reached; }
