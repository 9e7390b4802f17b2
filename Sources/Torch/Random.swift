internal import CTorch

/// Seeds libtorch's default generators, which dropout and random tensors use.
///
/// Like `torch.manual_seed(seed)`: the same seed produces the same random numbers as in PyTorch.
public func manualSeed(_ seed: UInt64) {
  check(ct_manual_seed(seed), "manualSeed(\(seed))")
}

/// libtorch's version and its use of threads.
public enum Runtime {
  /// The version of libtorch that this program was compiled against, such as `2.13.0`.
  public static var libtorchVersion: String { String(cString: ct_version()) }

  /// The number of threads that an operator may use on the CPU.
  ///
  /// The default is `OMP_NUM_THREADS`, or the number of cores if that is not set.
  public static var threadCount: Int {
    get { Int(ct_thread_count()) }
    set { check(ct_set_thread_count(Int32(clamping: newValue)), "threadCount = \(newValue)") }
  }
}
