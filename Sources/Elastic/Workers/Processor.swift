import CSpawn
import FoundationEssentials

/// A logical processor and its position in the machine's topology.
package struct Processor: Sendable, Hashable {
  /// The processor's number, as in `sched_setaffinity`.
  package var number: Int
  /// The NUMA node of the processor.
  package var node: Int
  /// The physical package of the processor.
  package var socket: Int
  /// The lowest number among the processors that share its core.
  package var core: Int
  /// The lowest number among the processors that share its last-level cache.
  package var cache: Int

  package init(number: Int, node: Int, socket: Int, core: Int, cache: Int) {
    self.number = number
    self.node = node
    self.socket = socket
    self.core = core
    self.cache = cache
  }
}

extension Processor {
  /// The processors that this process may use, read from the kernel's description in `/sys`.
  ///
  /// Where a file is missing, the processor is assumed to be on node 0 and socket 0, and to share
  /// neither core nor cache.
  package static func usable(root: String = "/sys/devices/system") -> [Processor] {
    var nodeOf: [Int: Int] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/node")) ?? [] {
      guard name.hasPrefix("node"), let node = Int(name.dropFirst(4)) else { continue }
      for number in list("\(root)/node/\(name)/cpulist") { nodeOf[number] = node }
    }
    return list("\(root)/cpu/online").filter { cspawn_processor_is_allowed(Int32($0)) == 1 }.map {
      let folder = "\(root)/cpu/cpu\($0)"
      let caches = (0..<5).reversed().map { list("\(folder)/cache/index\($0)/shared_cpu_list") }
      return Processor(
        number: $0, node: nodeOf[$0] ?? 0,
        socket: text("\(folder)/topology/physical_package_id").flatMap { Int($0) } ?? 0,
        core: list("\(folder)/topology/thread_siblings_list").min() ?? $0,
        cache: caches.first { !$0.isEmpty }?.min() ?? $0)
    }
  }

  /// The NUMA node of each NVIDIA GPU whose node the kernel reports, keyed by device number.
  package static func nodesOfGPUs(
    drivers: String = "/proc/driver/nvidia/gpus", devices: String = "/sys/bus/pci/devices"
  ) -> [Int: Int] {
    var nodes: [Int: Int] = [:]
    for address in (try? FileManager.default.contentsOfDirectory(atPath: drivers)) ?? [] {
      let minor = text("\(drivers)/\(address)/information")?.split(separator: "\n")
        .first { $0.hasPrefix("Device Minor:") }
        .flatMap { Int($0.filter(\.isNumber)) }
      let node = text("\(devices)/\(address.lowercased())/numa_node").flatMap { Int($0) }
      if let minor, let node, node >= 0 { nodes[minor] = node }
    }
    return nodes
  }

  /// Parses a list in the kernel's format, such as `0-3,8,10-11`.
  package static func numbers(_ text: some StringProtocol) -> [Int] {
    text.split(separator: ",").flatMap { part in
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { return [Int]() }
      return Array(first...last)
    }
  }

  private static func list(_ path: String) -> [Int] { text(path).map(numbers) ?? [] }

  private static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map {
      String(String(decoding: $0, as: UTF8.self).reversed().drop(while: \.isNewline).reversed())
    }
  }
}
