internal import CTorch

/// libtorch's default random generators, which dropout and random tensors use.
///
/// Each process has its own generators, so their state belongs to a rank and not to the job.
public final class RandomGenerators: Stateful {
  private let devices: [Device]

  /// Selects the generators of some devices.
  public init(of devices: [Device] = [.cpu]) { self.devices = devices }

  /// Captures the state of each device's generator, under the name of the device.
  ///
  /// A state is a tensor of bytes, as returned by PyTorch's `get_rng_state`.
  public func captureState() throws(TorchError) -> State {
    var state = State()
    for device in devices {
      var bytes: ct_tensor?
      let error = ct_generator_get_state(device.kind.rawValue, device.shimIndex, &bytes)
      if let error { throw TorchError(.operatorFailed, takeMessage(error)) }
      state.tensors[device.description] = Tensor(owning: bytes)
    }
    return state
  }

  /// Restores the generators; those of devices without a saved state are unchanged.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the tensor of a device is not a generator
  ///   state.
  public func restoreState(_ state: State) throws(TorchError) {
    for device in devices {
      guard let bytes = state.tensors[device.description] else { continue }
      let error = ct_generator_set_state(
        device.kind.rawValue, device.shimIndex, bytes.contiguous().handle)
      if let error {
        throw TorchError(
          .mismatch, "cannot restore the random generator of \(device): \(takeMessage(error))")
      }
    }
  }
}

extension Device {
  /// The index in libtorch; -1 for the CPU.
  fileprivate var shimIndex: Int32 { index.map(Int32.init) ?? -1 }
}
