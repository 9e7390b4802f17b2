internal import CTorch

/// A device that holds tensors and runs their operators.
public struct Device: Hashable, Sendable, CustomStringConvertible {
  /// The type of a device.
  public enum Kind: Int32, Sendable {
    // The raw values are those of c10::DeviceType.
    /// The CPU.
    case cpu = 0
    /// A CUDA GPU.
    case cuda = 1
  }

  /// The type of the device.
  public var kind: Kind

  /// The index among the visible devices of its type; `nil` for the CPU.
  public var index: Int?

  /// The CPU.
  public static let cpu = Device(kind: .cpu, index: nil)

  /// The GPU with an index among those that `CUDA_VISIBLE_DEVICES` makes visible.
  public static func cuda(_ index: Int) -> Device { Device(kind: .cuda, index: index) }

  /// The number of GPUs that this process can use; 0 without a CUDA build of libtorch, a driver, or
  /// a visible device.
  ///
  /// The first call loads libtorch's CUDA library.
  public static var cudaDeviceCount: Int { Int(ct_cuda_device_count()) }

  /// Parses `cpu`, `cuda` (the first GPU) or `cuda:1`.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` for any other text, or if this process
  ///   cannot use that GPU.
  public init(parsing text: String) throws(TorchError) {
    switch text.split(separator: ":", omittingEmptySubsequences: false) {
    case ["cpu"]:
      self = .cpu
    case ["cuda"]:
      self = .cuda(0)
    case let parts where parts.count == 2 && parts[0] == "cuda":
      guard let index = Int(parts[1]), index >= 0 else { throw Device.unknown(text) }
      self = .cuda(index)
    default:
      throw Device.unknown(text)
    }
    guard let index else { return }
    if let error = ct_cuda_load_error() {
      throw TorchError(
        .invalidArgument,
        "device '\(self)' requires libtorch's CUDA library, which cannot be opened: "
          + "\(String(cString: error)). Use 'cpu', or set LIBTORCH to a CUDA build with the NVIDIA "
          + "libraries that it requires, and run Scripts/setup")
    }
    let count = Device.cudaDeviceCount
    guard index < count else {
      throw TorchError(
        .invalidArgument,
        "device '\(self)' does not exist: this process sees \(count) GPUs. Use 'cpu', or check "
          + "CUDA_VISIBLE_DEVICES and the driver (nvidia-smi)")
    }
  }

  /// Creates the device of a local rank: its GPU, or the CPU if no GPU is visible.
  ///
  /// - Parameter localRank: The rank on this node; 0 for a program of one process.
  /// - Throws: ``TorchError`` with code `invalidArgument` if there are GPUs, but not enough.
  public init(localRank: Int) throws(TorchError) {
    let count = Device.cudaDeviceCount
    guard count > 0 else {
      self = .cpu
      return
    }
    guard localRank < count else {
      throw TorchError(
        .invalidArgument,
        "local rank \(localRank) has no GPU: this process sees \(count) GPUs. Start at most "
          + "\(count) ranks per node, or set CUDA_VISIBLE_DEVICES to an empty string to use the "
          + "CPU")
    }
    self = .cuda(localRank)
  }

  init(kind: Kind, index: Int?) {
    self.kind = kind
    self.index = index
  }

  /// The text that ``init(parsing:)`` parses.
  public var description: String {
    switch kind {
    case .cpu: "cpu"
    case .cuda: "cuda:\(index ?? 0)"
    }
  }

  private static func unknown(_ text: String) -> TorchError {
    TorchError(.invalidArgument, "unknown device '\(text)': use 'cpu', 'cuda' or 'cuda:1'")
  }
}
