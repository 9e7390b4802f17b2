internal import CTorch

/// A source of random numbers for operators, like PyTorch's `torch.Generator`.
///
/// An operator without a generator draws from the default one of its device, which
/// ``manualSeed(_:)`` seeds. The same seed gives the same numbers as in PyTorch.
///
/// ```swift
/// let generator = Generator(seed: 1)
/// let noise = Tensor.randn([2, 3], generator: generator)
/// ```
public final class Generator: @unchecked Sendable {
  // Sendable: libtorch locks the generator while an operator draws.
  let handle: ct_generator?
  /// The device whose operators can draw from the generator.
  public let device: Device

  /// Creates a generator.
  ///
  /// A device that this process cannot use is a failed operator.
  public init(seed: UInt64, device: Device = .cpu) {
    var created: ct_generator?
    check(
      ct_generator_create(device.kind.rawValue, Int32(device.index ?? -1), seed, &created),
      "Generator on \(device)")
    handle = created
    self.device = device
  }

  deinit { ct_generator_release(handle) }

  /// Restarts the sequence of numbers.
  public func manualSeed(_ seed: UInt64) {
    guard handle != nil else { return }
    check(ct_generator_set_seed(handle, seed), "manualSeed(\(seed))")
  }
}

extension Generator: Stateful {
  /// Captures the position in the sequence, a tensor of bytes as `Generator.get_state` returns.
  public func captureState() throws(TorchError) -> State {
    var bytes: ct_tensor?
    if let error = ct_generator_state(handle, &bytes) {
      throw TorchError(.operatorFailed, takeMessage(error))
    }
    return State(tensors: ["state": Tensor(owning: bytes)])
  }

  /// Restores a position.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the state is not that of such a generator.
  public func restoreState(_ state: State) throws(TorchError) {
    guard let bytes = state.tensors["state"] else {
      throw TorchError(.mismatch, "the state has no tensor 'state': it is not a generator's")
    }
    if let error = ct_generator_restore(handle, bytes.contiguous().handle) {
      throw TorchError(
        .mismatch, "cannot restore the random generator of \(device): \(takeMessage(error))")
    }
  }
}
