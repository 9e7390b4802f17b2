import Foundation
import ProcessHarness
import Testing
import Torch

/// Every file that `torch.load(weights_only=True)` reads is read, with the same values; every file
/// that it refuses is refused.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct PyTorchGridPeerTests {
  @Test func whatPyTorchReadsIsReadAndWhatItRefusesIsRefused() async throws {
    let folder = try TestFolder()
    _ = try await Peers.run("pytorch_grid.py", ["write", folder.path])
    let expected = try await Peers.run("pytorch_grid.py", ["describe", folder.path])
    let grid = PyTorchGrid(described: expected, folder: folder.path)
    print(grid.summary)
    #expect(grid.count > 3000)
    #expect(grid.onlyPyTorch == [])
    #expect(grid.onlyLockstep == [])
    #expect(grid.different == [])
    #expect(grid.longestMessage < 2000)

    // What Swift read and wrote again, PyTorch reads with the same values.
    let again = try TestFolder()
    let written = try grid.writeAgain(from: folder.path, to: again.path)
    let described = try await Peers.run("pytorch_grid.py", ["describe", again.path])
    let differences = grid.differences(fromDescribed: described)
    print("written again: \(written); read by PyTorch with other values: \(differences.count)")
    #expect(written > 1500)
    #expect(differences == [])
  }
}

/// What PyTorch and Lockstep make of each file of a folder.
private struct PyTorchGrid {
  private(set) var both: [String] = []
  private(set) var neither: [String] = []
  /// The files that only PyTorch reads, with Lockstep's error.
  private(set) var onlyPyTorch: [String] = []
  /// The files that only Lockstep reads, with PyTorch's error.
  private(set) var onlyLockstep: [String] = []
  /// The files whose values differ, with the first line that does.
  private(set) var different: [String] = []
  private(set) var longestMessage = 0
  /// PyTorch's lines for the files that both read.
  private var lines: [String: [String]] = [:]

  /// Files that PyTorch wrote and, because of errors of its own, does not read.
  private static let onlyWritten: Set = [
    "zip-tensors-complex32-requires.pt", "legacy-tensors-nested-strided.pt",
  ]

  /// Files with parts of storages.
  ///
  /// PyTorch numbers each part as a storage of its own, so the tests compare only the elements.
  private static let partsOfStorages: Set = [
    "legacy-crafted-view.pt", "legacy-crafted-view-and-whole.pt",
  ]

  private static func areEqual(_ lines: [String], _ expected: [String], _ name: String) -> Bool {
    guard partsOfStorages.contains(name) else { return lines == expected }
    func elements(_ lines: [String]) -> [Substring?] { lines.map { $0.split(separator: " ").last } }
    return elements(lines) == elements(expected)
  }

  init(described: String, folder: String) {
    for block in described.components(separatedBy: "\n\n") {
      let parts = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let name = parts[0]
      let isRead = parts[1] == "read"
      do {
        let lines = PickleLines(try PyTorchFile.read(path: "\(folder)/\(name)")).lines
        if !isRead {
          if PyTorchGrid.onlyWritten.contains(name) { continue }
          onlyLockstep.append("\(name): \(parts[2])")
        } else if PyTorchGrid.areEqual(lines, Array(parts[2...]), name) {
          both.append(name)
          self.lines[name] = lines
        } else {
          let first = zip(lines, parts[2...]).first { $0 != $1 }
          different.append(
            "\(name): \(first?.0.prefix(200) ?? "\(lines.count) lines") is not "
              + "\(first?.1.prefix(200) ?? "\(parts.count - 2) lines")")
        }
      } catch {
        longestMessage = max(longestMessage, "\(error)".utf8.count)
        if isRead { onlyPyTorch.append("\(name): \(error)") } else { neither.append(name) }
      }
    }
  }

  /// Writes what both read; values that contain themselves cannot be written.
  func writeAgain(from folder: String, to other: String) throws -> Int {
    var written = 0
    for name in both where !(lines[name] ?? []).contains(where: { $0.hasSuffix(" cycle") }) {
      try PyTorchFile.write(
        try PyTorchFile.read(path: "\(folder)/\(name)"), path: "\(other)/\(name)")
      written += 1
    }
    return written
  }

  /// The files that PyTorch does not read as before, with the first line that differs.
  func differences(fromDescribed described: String) -> [String] {
    described.components(separatedBy: "\n\n").compactMap { block in
      let parts = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      guard let lines = lines[parts[0]], lines != Array(parts[2...]) else { return nil }
      let first = zip(parts[2...], lines).first { $0 != $1 }
      return "\(parts[0]): \(first?.0.prefix(200) ?? "") is not \(first?.1.prefix(200) ?? "")"
    }
  }

  var count: Int {
    both.count + neither.count + onlyPyTorch.count + onlyLockstep.count + different.count
  }

  var summary: String {
    "PyTorch files: \(count); read by both with equal values: \(both.count); refused by both: "
      + "\(neither.count); read by PyTorch only: \(onlyPyTorch.count); by Lockstep only: "
      + "\(onlyLockstep.count); with different values: \(different.count)"
  }
}

/// The lines of `pytorch_grid.py describe` for a value.
private struct PickleLines {
  private(set) var lines: [String] = []
  private var memories: [UnsafeMutableRawPointer?] = []

  init(_ value: PickleValue) { add(value, "") }

  private mutating func add(_ value: PickleValue, _ prefix: String) {
    switch value {
    case .none: lines.append("\(prefix) nonetype none")
    case .bool(let value): lines.append("\(prefix) bool \(value)")
    case .int(let value): lines.append("\(prefix) int \(value)")
    case .float(let value): lines.append("\(prefix) float \(hex(bigEndian: value))")
    case .string(let value): lines.append("\(prefix) string \(hex(value.utf8))")
    case .tensor(let tensor): add(tensor, prefix)
    case .list(let elements), .tuple(let elements):
      let kind = if case .list = value { "list" } else { "tuple" }
      lines.append("\(prefix) \(kind) \(elements.count)")
      for element in elements { add(element, "\(prefix).element") }
    case .dictionary(let entries):
      lines.append("\(prefix) dictionary \(entries.count)")
      for (key, value) in entries {
        add(key, "\(prefix).key")
        add(value, "\(prefix).value")
      }
    case .opaque(let value): add(value, prefix)
    }
  }

  private mutating func add(_ value: OpaqueValue, _ prefix: String) {
    switch value.typeName {
    case "torch.dtype": lines.append("\(prefix) dtype \(value)")
    case "torch.layout": lines.append("\(prefix) layout \(value)")
    case "torch.qscheme": lines.append("\(prefix) qscheme \(value)")
    case "torch.device":
      let index = value.arguments.count > 1 ? value.arguments[1].intValue.map { ":\($0)" } : nil
      lines.append("\(prefix) device \(value.arguments[0].stringValue ?? "")\(index ?? "")")
    case "set":
      lines.append("\(prefix) set \(value.arguments.count)")
      let elements = value.arguments.map { element in
        var inner = self
        inner.lines = []
        inner.add(element, "\(prefix).element")
        return inner.lines.joined(separator: "\n")
      }
      lines += elements.sorted().flatMap { $0.split(separator: "\n").map(String.init) }
    case "complex":
      let parts = value.arguments.map { hex(bigEndian: $0.doubleValue ?? 0) }
      let zero = hex(bigEndian: 0)
      lines.append("\(prefix) complex \((parts + [zero, zero])[..<2].joined())")
    case "bytes", "bytearray":
      let bytes = PickleValue.opaque(value).bytesValue ?? []
      lines.append("\(prefix) \(value.typeName) \(hex(bytes))")
    case "int": lines.append("\(prefix) int \(value)")
    case "torch.storage.TypedStorage":
      let bytes = value.arguments.first?.tensorValue?.withBytes { hex($0) } ?? ""
      lines.append("\(prefix) storage \(bytes)")
    case "type", "function": lines.append("\(prefix) global")
    case "torch.Tensor": lines.append("\(prefix) opaque tensor")
    case "list", "dict", "tuple": lines.append("\(prefix) cycle")
    case "str":
      let bytes = PickleValue.opaque(value).bytesValue ?? []
      lines.append("\(prefix) string \(hex(bytes))")
    default: lines.append("\(prefix) unknown \(value.typeName)")
    }
  }

  private mutating func add(_ tensor: Tensor, _ prefix: String) {
    let dtype = pythonNames[tensor.dtype] ?? "\(tensor.dtype)"
    let bytes = tensor.withBytes { hex($0) }
    let head = "\(prefix) tensor \(dtype) \(tensor.shape)"
    let offset = storageOffset(tensor)
    guard tensor.count > 0 else {
      lines.append("\(head) \(tensor.requiresGrad) \(bytes)")
      return
    }
    // The first element of the memory is where the offset is 0.
    let address = tensor.dataAddress.map { $0 - offset * tensor.dtype.byteCount }
    let known = memories.firstIndex(of: address)
    let memory = known ?? memories.count
    if known == nil { memories.append(address) }
    lines.append(
      "\(head) \(tensor.strides) \(offset) \(tensor.requiresGrad) @\(memory) \(bytes)")
  }

  private func storageOffset(_ tensor: Tensor) -> Int {
    guard tensor.count > 0 else { return 0 }
    let first = tensor.detach().asStrided([], [], storageOffset: 0)
    guard let start = first.dataAddress, let mine = tensor.dataAddress else { return 0 }
    return (mine - start) / tensor.dtype.byteCount
  }

  private func hex(bigEndian value: Double) -> String {
    withUnsafeBytes(of: value.bitPattern.bigEndian) { hex($0) }
  }

  private func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

private let pythonNames: [DType: String] = [
  .float8E5M2: "float8_e5m2", .float8E4M3FN: "float8_e4m3fn", .float8E5M2FNUZ: "float8_e5m2fnuz",
  .float8E4M3FNUZ: "float8_e4m3fnuz", .float8E8M0FNU: "float8_e8m0fnu",
]
