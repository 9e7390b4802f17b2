import FoundationEssentials

/// The GPUs of this machine, and those of them that the environment shows to a program.
package struct GPUInventory: Sendable, Hashable {
  /// The makers of GPUs that PyTorch addresses as `cuda` devices.
  package enum Vendor: Sendable, Hashable {
    case nvidia, amd

    /// The variables that select devices, the first one that is set counts for each step.
    ///
    /// ROCm applies `ROCR_VISIBLE_DEVICES` first; HIP then selects from what is left.
    var selections: [[String]] {
      switch self {
      case .nvidia: [["CUDA_VISIBLE_DEVICES"]]
      case .amd:
        [
          ["ROCR_VISIBLE_DEVICES"],
          ["HIP_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL"],
        ]
      }
    }
  }

  /// The maker of the GPUs.
  package var vendor: Vendor
  /// The identifiers of the GPUs in the driver's order, such as `GPU-5e1a…`; empty if unknown.
  package var identifiers: [String]
  /// The driver's numbers of the GPUs: minor numbers for NVIDIA, node numbers for AMD.
  package var numbers: [Int]

  package init(vendor: Vendor, identifiers: [String], numbers: [Int]? = nil) {
    self.vendor = vendor
    self.identifiers = identifiers
    self.numbers = numbers ?? Array(identifiers.indices)
  }

  /// The indices of the GPUs that a program with these environment variables sees, in its order.
  package func visible(environment: [String: String]) -> [Int] {
    var devices = Array(identifiers.indices)
    for names in vendor.selections {
      guard let list = names.lazy.compactMap({ environment[$0] }).first else { continue }
      devices = Self.selected(by: list, among: devices.map { identifiers[$0] }).map { devices[$0] }
    }
    return devices
  }

  /// The variables among `environment` that limit the visible GPUs, as `NAME=VALUE`.
  package func limits(environment: [String: String]) -> [String] {
    vendor.selections.joined().compactMap { name in environment[name].map { "\(name)=\($0)" } }
  }

  /// The indices that a list such as `0,2` or `GPU-5e1a,GPU-77` selects, as CUDA evaluates it.
  ///
  /// The first entry that names no device ends the list, and a repeated entry selects nothing. Of
  /// several MIG instances, a program sees only the first.
  static func selected(by list: String, among identifiers: [String]) -> [Int] {
    let entries = list.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.filter { !$0.isWhitespace } }
    if entries[0].hasPrefix("MIG-") { return identifiers.isEmpty ? [] : [0] }
    if entries[0].hasPrefix("GPU-"), identifiers.allSatisfy(\.isEmpty) {
      // The driver does not publish the identifiers here: only their number counts.
      let named = entries.prefix { $0.hasPrefix("GPU-") }
      return Set(named).count < named.count ? [] : Array(identifiers.indices.prefix(named.count))
    }
    var result: [Int] = []
    for entry in entries {
      guard let index = index(of: entry, among: identifiers) else { break }
      guard !result.contains(index) else { return [] }
      result.append(index)
    }
    return result
  }

  private static func index(of entry: String, among identifiers: [String]) -> Int? {
    if entry.hasPrefix("GPU-") {
      let matches = identifiers.indices.filter {
        identifiers[$0].lowercased().hasPrefix(entry.lowercased())
      }
      return matches.count == 1 ? matches[0] : nil
    }
    // Like strtoul, CUDA ignores what follows the digits.
    guard let number = Int(entry.prefix { $0.isASCII && $0.isNumber }) else { return nil }
    return identifiers.indices.contains(number) ? number : nil
  }
}

extension GPUInventory {
  /// Lists the GPUs that the processes of this machine or container can open.
  ///
  /// - Parameter root: The folder that contains `dev`, `proc` and `sys`.
  /// - Returns: The NVIDIA GPUs or, if there are none, the AMD GPUs.
  package static func scan(root: String = "/") -> GPUInventory {
    let nvidia = nvidiaGPUs(root)
    return nvidia.isEmpty
      ? inventory(.amd, amdGPUs(root)) : inventory(.nvidia, nvidia)
  }

  private static func inventory(
    _ vendor: Vendor, _ gpus: [(number: Int, identifier: String)]
  ) -> GPUInventory {
    GPUInventory(vendor: vendor, identifiers: gpus.map(\.identifier), numbers: gpus.map(\.number))
  }

  /// The NVIDIA GPUs with a device file, by minor number.
  private static func nvidiaGPUs(_ root: String) -> [(number: Int, identifier: String)] {
    let minors = entries("\(root)/dev").compactMap { name in
      name.hasPrefix("nvidia") ? Int(name.dropFirst(6)) : nil
    }
    var identifiers: [Int: String] = [:]
    let folder = "\(root)/proc/driver/nvidia/gpus"
    for gpu in entries(folder) {
      let fields = fields("\(folder)/\(gpu)/information", separator: ":")
      if let minor = fields["Device Minor"].flatMap({ Int($0) }) {
        identifiers[minor] = fields["GPU UUID"]
      }
    }
    return minors.sorted().map { ($0, identifiers[$0] ?? "") }
  }

  /// The AMD GPUs with a render device, in the order of the driver's nodes.
  private static func amdGPUs(_ root: String) -> [(number: Int, identifier: String)] {
    guard FileManager.default.fileExists(atPath: "\(root)/dev/kfd") else { return [] }
    let folder = "\(root)/sys/class/kfd/kfd/topology/nodes"
    return entries(folder).compactMap { Int($0) }.sorted().compactMap { node in
      let fields = fields("\(folder)/\(node)/properties", separator: " ")
      guard let units = fields["simd_count"].flatMap({ Int($0) }), units > 0,  // not a processor
        let minor = fields["drm_render_minor"].flatMap({ Int($0) }),
        FileManager.default.fileExists(atPath: "\(root)/dev/dri/renderD\(minor)")
      else { return nil }
      let number = fields["unique_id"].flatMap { UInt64($0) } ?? 0
      let digits = String(number, radix: 16)
      let zeros = String(repeating: "0", count: 16 - digits.count)
      return (node, number == 0 ? "" : "GPU-" + zeros + digits)
    }
  }

  private static func entries(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  /// The lines of a file, split at the first separator.
  private static func fields(_ path: String, separator: Character) -> [String: String] {
    let text =
      FileManager.default.contents(atPath: path)
      .map { String(decoding: $0, as: UTF8.self) } ?? ""
    let pairs = text.split(whereSeparator: \.isNewline).compactMap { line -> (String, String)? in
      guard let end = line.firstIndex(of: separator) else { return nil }
      let value = line[line.index(after: end)...].filter { !$0.isWhitespace }
      return (String(line[..<end]), String(value))
    }
    return Dictionary(pairs) { first, _ in first }
  }
}
