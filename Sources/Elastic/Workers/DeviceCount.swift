import CSpawn
import FoundationEssentials
import Glibc

/// The number of processors and GPUs of this machine.
public enum DeviceCount {
  /// The number of processors that this process may run on; at least 1.
  public static var processors: Int {
    let allowed = Int(cspawn_processor_count())
    return max(1, allowed > 0 ? allowed : sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The value of `CUDA_VISIBLE_DEVICES` with which a worker sees only the GPU of its local rank.
  package static func visibleDevice(localRank: Int, visibleDevices: String?) -> String {
    let devices = visibleDevices?.split(separator: ",").map { $0.filter { !$0.isWhitespace } } ?? []
    return localRank < devices.count ? devices[localRank] : String(localRank)
  }

  /// The device numbers of the NVIDIA GPUs that a program started here would see, in its order.
  static var visibleGPUs: [Int] {
    let inventory = GPUInventory.scan()
    guard inventory.vendor == .nvidia else { return [] }
    return inventory.visible(environment: environment).map { inventory.numbers[$0] }
  }

  /// The number of NVIDIA or AMD GPUs that a program started by this process would see.
  ///
  /// These are the GPUs that the machine has and `CUDA_VISIBLE_DEVICES` or, for AMD,
  /// `ROCR_VISIBLE_DEVICES` and `HIP_VISIBLE_DEVICES` do not hide.
  public static var gpus: Int { GPUInventory.scan().visible(environment: environment).count }

  private static var environment: [String: String] { ProcessInfo.processInfo.environment }
}
