#include "Support.hpp"

// ProcessGroupGloo.hpp includes headers of Gloo that the wheel does not contain. The folder
// gloo-declarations declares what the class needs to be complete.
#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include <ATen/ops/empty.h>

#include <limits>

namespace {

using Milliseconds = std::chrono::milliseconds;

/// A c10d::Store that forwards its calls to Swift.
class SwiftStore : public c10d::Store {
 public:
  SwiftStore(std::shared_ptr<ct_store> calls, Milliseconds timeout)
      : c10d::Store(timeout), calls_(std::move(calls)) {}

  c10::intrusive_ptr<c10d::Store> clone() override {
    return c10::make_intrusive<SwiftStore>(calls_, timeout_);
  }

  void set(const std::string &key, const std::vector<uint8_t> &value) override {
    ct::throwIfFailed(calls_->set(calls_->context, key.c_str(), value.data(), value.size()));
  }

  std::vector<uint8_t> get(const std::string &key) override {
    ct_bytes bytes{};
    ct::throwIfFailed(calls_->get(calls_->context, key.c_str(), &bytes));
    std::vector<uint8_t> value(bytes.data, bytes.data + bytes.count);
    std::free(bytes.data);
    return value;
  }

  int64_t add(const std::string &key, int64_t amount) override {
    int64_t sum = 0;
    ct::throwIfFailed(calls_->add(calls_->context, key.c_str(), amount, &sum));
    return sum;
  }

  bool deleteKey(const std::string &key) override {
    bool existed = false;
    ct::throwIfFailed(calls_->delete_key(calls_->context, key.c_str(), &existed));
    return existed;
  }

  bool check(const std::vector<std::string> &keys) override {
    bool present = false;
    auto pointers = keyPointers(keys);
    ct::throwIfFailed(calls_->check(calls_->context, pointers.data(), pointers.size(), &present));
    return present;
  }

  int64_t getNumKeys() override {
    TORCH_CHECK(false, "getNumKeys is not supported: Gloo does not call it");
  }

  void wait(const std::vector<std::string> &keys) override { wait(keys, timeout_); }

  void wait(const std::vector<std::string> &keys, const Milliseconds &timeout) override {
    auto pointers = keyPointers(keys);
    ct::throwIfFailed(
        calls_->wait(calls_->context, pointers.data(), pointers.size(), timeout.count()));
  }

  bool hasExtendedApi() const override { return false; }

 private:
  static std::vector<const char *> keyPointers(const std::vector<std::string> &keys) {
    std::vector<const char *> pointers;
    for (const auto &key : keys) pointers.push_back(key.c_str());
    return pointers;
  }

  std::shared_ptr<ct_store> calls_;
};

struct Group {
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo;
};

struct Work {
  c10::intrusive_ptr<c10d::Work> work;
};

c10d::ProcessGroupGloo &backend(ct_gloo group) { return *reinterpret_cast<Group *>(group)->gloo; }

ct_work handle(c10::intrusive_ptr<c10d::Work> work) {
  return reinterpret_cast<ct_work>(new Work{std::move(work)});
}

}  // namespace

ct_error ct_gloo_create(
    ct_store store, int32_t rank, int32_t size, const char *host, int64_t timeoutMilliseconds,
    ct_gloo *out) {
  auto calls = std::shared_ptr<ct_store>(new ct_store(store), [](ct_store *calls) {
    calls->release(calls->context);
    delete calls;
  });
  return ct::catching([&] {
    Milliseconds timeout(timeoutMilliseconds);
    auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    // PyTorch's variable: one network interface, or several separated by commas. The first is used.
    const char *interfaces = std::getenv("GLOO_SOCKET_IFNAME");
    std::string interface(interfaces ? interfaces : "");
    interface = interface.substr(0, interface.find(','));
    options->devices.push_back(
        host                  ? c10d::ProcessGroupGloo::createDeviceForHostname(host)
        : !interface.empty() ? c10d::ProcessGroupGloo::createDeviceForInterface(interface)
                              : c10d::ProcessGroupGloo::createDefaultDevice());
    auto group = c10::make_intrusive<c10d::ProcessGroupGloo>(
        c10::make_intrusive<SwiftStore>(calls, timeout), rank, size, options);
    *out = reinterpret_cast<ct_gloo>(new Group{std::move(group)});
  });
}

void ct_gloo_release(ct_gloo group) { delete reinterpret_cast<Group *>(group); }

ct_error ct_gloo_all_reduce(
    ct_gloo group, ct_tensor tensor, ct_reduce_op op, int64_t timeoutMilliseconds, ct_work *out) {
  return ct::catching([&] {
    std::vector<at::Tensor> tensors{ct::borrow(tensor)};
    c10d::AllreduceOptions options;
    options.reduceOp = static_cast<c10d::ReduceOp::RedOpType>(op);
    options.timeout = Milliseconds(timeoutMilliseconds);
    *out = handle(backend(group).allreduce(tensors, options));
  });
}

ct_error ct_gloo_reduce(
    ct_gloo group, ct_tensor tensor, ct_reduce_op op, int32_t root, int64_t timeoutMilliseconds,
    ct_work *out) {
  return ct::catching([&] {
    std::vector<at::Tensor> tensors{ct::borrow(tensor)};
    c10d::ReduceOptions options;
    options.reduceOp = static_cast<c10d::ReduceOp::RedOpType>(op);
    options.rootRank = root;
    options.timeout = Milliseconds(timeoutMilliseconds);
    *out = handle(backend(group).reduce(tensors, options));
  });
}

ct_error ct_gloo_reduce_scatter(
    ct_gloo group, ct_tensor output, ct_tensor input, ct_reduce_op op, int64_t timeoutMilliseconds,
    ct_work *out) {
  return ct::catching([&] {
    auto outputTensor = ct::borrow(output);
    auto inputTensor = ct::borrow(input);
    c10d::ReduceScatterOptions options;
    options.reduceOp = static_cast<c10d::ReduceOp::RedOpType>(op);
    options.timeout = Milliseconds(timeoutMilliseconds);
    *out = handle(backend(group)._reduce_scatter_base(outputTensor, inputTensor, options));
  });
}

ct_error ct_gloo_broadcast(
    ct_gloo group, ct_tensor tensor, int32_t root, int64_t timeoutMilliseconds, ct_work *out) {
  return ct::catching([&] {
    std::vector<at::Tensor> tensors{ct::borrow(tensor)};
    c10d::BroadcastOptions options;
    options.rootRank = root;
    options.timeout = Milliseconds(timeoutMilliseconds);
    *out = handle(backend(group).broadcast(tensors, options));
  });
}

ct_error ct_gloo_all_gather(
    ct_gloo group, ct_tensor output, ct_tensor input, int64_t timeoutMilliseconds, ct_work *out) {
  return ct::catching([&] {
    auto outputTensor = ct::borrow(output);
    auto inputTensor = ct::borrow(input);
    c10d::AllgatherOptions options;
    options.timeout = Milliseconds(timeoutMilliseconds);
    *out = handle(backend(group)._allgather_base(outputTensor, inputTensor, options));
  });
}

ct_error ct_gloo_barrier(ct_gloo group, int64_t timeoutMilliseconds, ct_work *out) {
  return ct::catching([&] {
    c10d::BarrierOptions options;
    options.timeout = Milliseconds(timeoutMilliseconds);
    *out = handle(backend(group).barrier(options));
  });
}

ct_error ct_gloo_send(ct_gloo group, ct_tensor tensor, int32_t peer, int32_t tag, ct_work *out) {
  return ct::catching([&] {
    std::vector<at::Tensor> tensors{ct::borrow(tensor)};
    *out = handle(backend(group).send(tensors, peer, tag));
  });
}

ct_error ct_gloo_receive(
    ct_gloo group, ct_tensor tensor, int32_t peer, int32_t tag, ct_work *out) {
  return ct::catching([&] {
    std::vector<at::Tensor> tensors{ct::borrow(tensor)};
    *out = handle(backend(group).recv(tensors, peer, tag));
  });
}

void ct_gloo_abort(ct_gloo group) {
  auto &gloo = backend(group);
  if (gloo.getSize() < 2) return;
  ct_error error = ct::catching([&] {
    std::vector<at::Tensor> tensors{at::empty({1}, at::kByte)};
    int peer = (gloo.getRank() + 1) % gloo.getSize();
    gloo.recv(tensors, peer, std::numeric_limits<int>::max())->wait(Milliseconds(1));
  });
  std::free(error);  // The timeout is expected: it aborts the group.
}

ct_error ct_work_wait(ct_work work, int64_t timeoutMilliseconds) {
  return ct::catching(
      [&] { reinterpret_cast<Work *>(work)->work->wait(Milliseconds(timeoutMilliseconds)); });
}

bool ct_work_is_completed(ct_work work) {
  return reinterpret_cast<Work *>(work)->work->isCompleted();
}

void ct_work_release(ct_work work) { delete reinterpret_cast<Work *>(work); }
