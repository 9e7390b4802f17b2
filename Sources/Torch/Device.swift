internal import CTorch

/// Where a tensor's memory lies and its operators run.
public struct Device: Hashable, Sendable, CustomStringConvertible {
  /// The kind of a device.
  public enum Kind: Int32, Sendable {
    // The numbers are c10::DeviceType's.
    case cpu = 0
    case cuda = 1
  }

  /// The kind of the device.
  public var kind: Kind

  /// The position among the visible devices of its kind; `nil` for the CPU.
  public var index: Int?

  /// The host's processor and memory.
  public static let cpu = Device(kind: .cpu, index: nil)

  /// The GPU at a position among those that `CUDA_VISIBLE_DEVICES` shows.
  public static func cuda(_ index: Int) -> Device { Device(kind: .cuda, index: index) }

  /// The number of GPUs that this process can use; 0 without a CUDA build of libtorch, a driver, or a
  /// visible device.
  ///
  /// The first call opens libtorch's CUDA library.
  public static var cudaDeviceCount: Int { Int(ct_cuda_device_count()) }

  /// Reads `cpu`, `cuda` (the first GPU) or `cuda:1`.
  ///
  /// - Throws: ``TorchError`` with code `invalidArgument` for any other text, and when this process
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
    if let problem = ct_cuda_load_error() {
      throw TorchError(
        .invalidArgument,
        "device '\(self)' needs libtorch's CUDA library, which cannot be opened: "
          + "\(String(cString: problem)). Use 'cpu', or set LIBTORCH to a CUDA build with the NVIDIA "
          + "libraries that it needs, and run Scripts/setup")
    }
    let count = Device.cudaDeviceCount
    guard index < count else {
      throw TorchError(
        .invalidArgument,
        "device '\(self)' is not there: this process sees \(count) GPUs; use 'cpu', or check "
          + "CUDA_VISIBLE_DEVICES and the driver (nvidia-smi)")
    }
  }

  /// The device of one of the ranks on this machine: a GPU of its own, or the CPU where none is visible.
  ///
  /// - Parameter localRank: The rank among those of this machine; 0 for a program that is alone.
  /// - Throws: ``TorchError`` with code `invalidArgument` when there are GPUs, but too few.
  public init(localRank: Int) throws(TorchError) {
    let count = Device.cudaDeviceCount
    guard count > 0 else {
      self = .cpu
      return
    }
    guard localRank < count else {
      throw TorchError(
        .invalidArgument,
        "there is no GPU for local rank \(localRank): this process sees \(count); start at most as "
          + "many ranks, or make CUDA_VISIBLE_DEVICES empty to use the CPU")
    }
    self = .cuda(localRank)
  }

  init(kind: Kind, index: Int?) {
    self.kind = kind
    self.index = index
  }

  /// The text that ``init(parsing:)`` reads.
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
