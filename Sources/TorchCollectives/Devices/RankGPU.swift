package import Collectives
internal import Torch

/// The GPU of a rank, before the ranks have chosen their backends.
package struct RankGPU: Sendable {
  private let library: Result<NCCLLibrary, CollectiveError>
  private let device: @Sendable () throws(CollectiveError) -> any NCCLDevice

  /// The GPU of a device; `nil` for the CPU.
  init?(_ device: Device) {
    guard let gpu = device.gpu else { return nil }
    self.init(NCCLLibrary.shared) { () throws(CollectiveError) in try GPUDevice(gpu: gpu) }
  }

  package init(
    _ library: Result<NCCLLibrary, CollectiveError>,
    device: @escaping @Sendable () throws(CollectiveError) -> any NCCLDevice
  ) {
    self.library = library
    self.device = device
  }

  /// What the rank publishes about its GPU.
  var info: GPUInfo {
    if case .failure(let error) = library { GPUInfo(obstacle: error.message) } else { GPUInfo() }
  }

  /// Creates the NCCL group, which all ranks support.
  func connect(_ keys: any Store, _ rank: Int, _ worldSize: Int, _ timeout: Duration)
    throws(CollectiveError) -> NCCLProcessGroup
  {
    try NCCLProcessGroup(
      store: PrefixStore("nccl", keys), rank: rank, worldSize: worldSize, timeout: timeout,
      library: library.get(), device: device())
  }
}
