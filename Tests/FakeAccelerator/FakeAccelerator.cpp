#include "FakeAccelerator.h"

#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <string>

namespace {

thread_local std::string entries, lastLog;
bool isComplete = false;
thread_local c10::DeviceIndex current = 0;
intptr_t eventCount = 0;

void log(const std::string &line) { entries += line + "\n"; }

std::string name(const c10::Stream &stream) {
  return "stream " + std::to_string(stream.device_index()) + ":" + std::to_string(stream.id());
}

std::string name(void *event) {
  return "event " + std::to_string(reinterpret_cast<intptr_t>(event));
}

/// Stream 0 of a device is the current one, stream 7 that of the pool.
struct Guard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return c10::DeviceType::PrivateUse1; }
  c10::Device exchangeDevice(c10::Device device) const override {
    auto before = getDevice();
    setDevice(device);
    return before;
  }
  c10::Device getDevice() const override { return {type(), current}; }
  void setDevice(c10::Device device) const override {
    log("device " + std::to_string(device.index()));
    current = device.index();
  }
  void uncheckedSetDevice(c10::Device device) const noexcept override { setDevice(device); }
  // 0, so that libtorch does not use the devices by itself.
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
    log(name(*event) + " in " + name(stream));
  }
  void block(void *event, const c10::Stream &stream) const override {
    log(name(stream) + " waits for " + name(event));
  }
  bool queryEvent(void *) const override { return isComplete; }
  void destroyEvent(void *event, c10::DeviceIndex) const noexcept override {
    log(name(event) + " ends");
  }
  void recordDataPtrOnStream(const c10::DataPtr &, const c10::Stream &stream) const override {
    log("memory is kept for " + name(stream));
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
  lastLog = entries;
  entries.clear();
  return lastLog.c_str();
}

void fake_accelerator_set_complete(bool complete) { isComplete = complete; }
