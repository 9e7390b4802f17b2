import CSpawn
import FoundationEssentials
import Glibc

/// How many workers a machine can feed: its processors and accelerators.
public enum DeviceCount {
  /// The processors that this process may run on; at least 1.
  public static var processors: Int {
    let allowed = Int(cspawn_processor_count())
    return max(1, allowed > 0 ? allowed : sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The NVIDIA GPUs that a program started here would see.
  ///
  /// `visibleDevices` is the value of `CUDA_VISIBLE_DEVICES`. As CUDA reads it, the list ends at the
  /// first entry that names no device (`-1` or nothing). Without it every device node counts.
  package static func gpus(visibleDevices: String?, deviceNodes: [String]) -> Int {
    if let visibleDevices {
      return visibleDevices.split(separator: ",", omittingEmptySubsequences: false)
        .map { $0.filter { !$0.isWhitespace } }
        .prefix { !$0.isEmpty && !$0.hasPrefix("-") }
        .count
    }
    return deviceNodes.count {
      $0.hasPrefix("nvidia") && $0.count > 6 && $0.dropFirst(6).allSatisfy(\.isWholeNumber)
    }
  }

  /// What `CUDA_VISIBLE_DEVICES` would have to be for one worker to see the GPU of its local rank only.
  package static func visibleDevice(localRank: Int, visibleDevices: String?) -> String {
    let devices = visibleDevices?.split(separator: ",").map { $0.filter { !$0.isWhitespace } } ?? []
    return localRank < devices.count ? devices[localRank] : String(localRank)
  }

  /// The device numbers of the GPUs that a program started here would see, in its order; empty where
  /// they are named otherwise.
  static var visibleGPUs: [Int] {
    guard let visible = getenv("CUDA_VISIBLE_DEVICES").map({ String(cString: $0) }) else {
      return Array(0..<gpus)
    }
    let numbers = visible.split(separator: ",").map { Int($0.filter { !$0.isWhitespace }) }
    return numbers.contains(nil) ? [] : Array(numbers.compactMap { $0 }.prefix { $0 >= 0 })
  }

  /// The NVIDIA GPUs of this machine.
  public static var gpus: Int {
    gpus(
      visibleDevices: getenv("CUDA_VISIBLE_DEVICES").map { String(cString: $0) },
      deviceNodes: (try? FileManager.default.contentsOfDirectory(atPath: "/dev")) ?? [])
  }
}
