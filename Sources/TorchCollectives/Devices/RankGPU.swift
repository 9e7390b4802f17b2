package import Collectives
internal import Torch

/// The GPU of a rank, and what can be said of it before the ranks choose their engines.
package struct RankGPU: Sendable {
  private let library: Result<NCCLLibrary, CollectiveError>
  private let device: @Sendable () throws(CollectiveError) -> any NCCLDevice

  /// What the process has for its device; `nil` for the CPU.
  init?(_ device: Device) {
    guard let gpu = device.gpu else { return nil }
    self.init(NCCLLibrary.shared) { () throws(CollectiveError) in try GPUDevice(gpu: gpu) }
  }

  package init(
    _ library: Result<NCCLLibrary, CollectiveError>,
    device: @escaping @Sendable () throws(CollectiveError) -> any NCCLDevice
  ) {
    (self.library, self.device) = (library, device)
  }

  /// What the other ranks are told.
  var place: GPUPlace {
    if case .failure(let error) = library { GPUPlace(obstacle: error.message) } else { GPUPlace() }
  }

  /// Connects the ranks, all of which can do so.
  func connect(_ keys: any Store, _ rank: Int, _ worldSize: Int, _ timeout: Duration)
    throws(CollectiveError) -> NCCLProcessGroup
  {
    try NCCLProcessGroup(
      store: PrefixStore("nccl", keys), rank: rank, worldSize: worldSize, timeout: timeout,
      library: library.get(), device: device())
  }
}
