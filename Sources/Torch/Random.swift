internal import CTorch

/// Seeds libtorch's default generators, of which dropout and random tensors draw.
///
/// Equals `torch.manual_seed(seed)`: the same seed gives the numbers that PyTorch draws.
public func manualSeed(_ seed: UInt64) {
  check(ct_manual_seed(seed), "manualSeed(\(seed))")
}

/// libtorch's build and its use of this machine.
public enum Runtime {
  /// The version of libtorch that this program was compiled against, such as `2.13.0`.
  public static var libtorchVersion: String { String(cString: ct_version()) }

  /// The number of threads that one operator may use on the CPU.
  ///
  /// Starts as `OMP_NUM_THREADS`, or the number of cores when that is not set.
  public static var threadCount: Int {
    get { Int(ct_thread_count()) }
    set { check(ct_set_thread_count(Int32(clamping: newValue)), "threadCount = \(newValue)") }
  }
}
