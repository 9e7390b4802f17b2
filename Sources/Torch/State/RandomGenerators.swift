internal import CTorch

/// libtorch's default generators, of which dropout and random tensors draw.
///
/// Each process has its own, so their state belongs to a rank and not to a job.
public final class RandomGenerators: Stateful {
  private let devices: [Device]

  /// Names the generators of some devices.
  public init(of devices: [Device] = [.cpu]) { self.devices = devices }

  /// The state of each device's generator as bytes, as PyTorch's `get_rng_state`, by the device's
  /// name.
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

  /// Makes the generators go on from a state; those of devices that it does not name stay as they
  /// are.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` when it is no generator's state.
  public func restoreState(_ state: State) throws(TorchError) {
    for device in devices {
      guard let bytes = state.tensors[device.description] else { continue }
      let error = ct_generator_set_state(
        device.kind.rawValue, device.shimIndex, bytes.contiguous().handle)
      if let error {
        throw TorchError(
          .mismatch, "no state of the random generator of \(device): \(takeMessage(error))")
      }
    }
  }
}

extension Device {
  /// The index as libtorch has it: -1 for the CPU.
  fileprivate var shimIndex: Int32 { index.map(Int32.init) ?? -1 }
}
