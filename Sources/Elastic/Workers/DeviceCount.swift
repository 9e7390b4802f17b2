import CSpawn
import FoundationEssentials
import Glibc
import Worker

/// The number of processors and GPUs of this machine.
public enum DeviceCount {
  /// The number of processors that this process may run on; at least 1.
  public static var processors: Int {
    let allowed = Int(cspawn_processor_count())
    return max(1, allowed > 0 ? allowed : sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  }

  /// The number of NVIDIA GPUs that a program started here would see.
  ///
  /// - Parameters:
  ///   - visibleDevices: The value of `CUDA_VISIBLE_DEVICES`. As in CUDA, the first empty or
  ///     negative entry ends the list.
  ///   - deviceNodes: The names in `/dev`.
  /// - Returns: The number of entries in `visibleDevices` or, if it is `nil`, of NVIDIA GPUs in
  ///   `deviceNodes`.
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

  /// The value of `CUDA_VISIBLE_DEVICES` with which a worker sees only the GPU of its local rank.
  package static func visibleDevice(localRank: Int, visibleDevices: String?) -> String {
    let devices = visibleDevices?.split(separator: ",").map { $0.filter { !$0.isWhitespace } } ?? []
    return localRank < devices.count ? devices[localRank] : String(localRank)
  }

  /// The device numbers of the GPUs that a program started here would see, in the program's order;
  /// empty if `CUDA_VISIBLE_DEVICES` contains entries other than numbers.
  static var visibleGPUs: [Int] {
    guard let visible = getenv(WorkerVariable.visibleDevices.rawValue).map({ String(cString: $0) })
    else {
      return Array(0..<gpus)
    }
    let numbers = visible.split(separator: ",").map { Int($0.filter { !$0.isWhitespace }) }
    return numbers.contains(nil) ? [] : Array(numbers.compactMap { $0 }.prefix { $0 >= 0 })
  }

  /// The number of NVIDIA GPUs that a program started by this process would see.
  public static var gpus: Int {
    gpus(
      visibleDevices: getenv(WorkerVariable.visibleDevices.rawValue).map { String(cString: $0) },
      deviceNodes: (try? FileManager.default.contentsOfDirectory(atPath: "/dev")) ?? [])
  }
}
