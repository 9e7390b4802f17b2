import Foundation
import ProcessHarness
import Testing
import Torch

@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct PyTorchFilePeerTests {
  private func python(_ command: String, _ arguments: [String]) async throws -> String {
    try await Peers.run("pytorch_file.py", [command] + arguments)
  }

  /// Returns Python's description of each file.
  private func described(_ paths: [String]) async throws -> [String] {
    try await python("describe", paths).components(separatedBy: "\n\n")
  }

  /// Swift reads Python's files, and Python reads the files that Swift writes from them, with equal
  /// types, strides, offsets, shared memory and bits.
  @Test func pythonAndSwiftReadEachOthersFilesBitForBit() async throws {
    let folder = try TestFolder()
    _ = try await python("write", [folder.path])
    let names = ["tensors", "values", "bare", "rezipped", "adamw", "sgd"]
    for name in names {
      let value = try PyTorchFile.read(path: folder.file("\(name).pt"))
      try PyTorchFile.write(value, path: folder.file("again-\(name).pt"))
      // Also with the fields of an archive larger than 4 GiB.
      try PyTorchFile.write(value, path: folder.file("large-\(name).pt"), zip64Limit: 0)
    }
    let prefixes = ["", "again-", "large-"]
    let described = try await described(
      prefixes.flatMap { prefix in names.map { folder.file("\(prefix)\($0).pt") } })
    try #require(described.count == 18)
    for (index, name) in names.enumerated() {
      let value = try PyTorchFile.read(path: folder.file("\(name).pt"))
      expectEqualLines(lines(value), described[index])
      expectEqualLines(described[6 + index], described[index])
      expectEqualLines(described[12 + index], described[index])
    }
  }

  /// A training run in Python resumes from a checkpoint that Swift read and wrote.
  @Test func pythonResumesFromACheckpointThatSwiftWrote() async throws {
    let folder = try TestFolder()
    _ = try await python("write", [folder.path])
    for name in ["adamw", "sgd"] {
      let checkpoint = try PyTorchFile.read(path: folder.file("\(name).pt"))
      #expect(checkpoint["epoch"]?.intValue == 3)
      #expect(checkpoint["optimizer"]?["param_groups"]?[0]?["lr"]?.doubleValue == 0.01)
      let state = try #require(checkpoint["model"]?.stateDict)
      try PyTorchFile.write(
        [
          "model": .stateDict(state), "optimizer": try #require(checkpoint["optimizer"]),
          "epoch": 3,
        ], path: folder.file("again-\(name).pt"))
    }
    #expect(try await python("resume", [folder.path, "adamw", "sgd"]) == "adamw 3\nsgd 3\n")
  }

  @Test func hostileAndUnsupportedFilesAreRejectedWithAReason() async throws {
    let folder = try TestFolder()
    _ = try await python("write", [folder.path])
    let reasons = [
      "system": "posix.system", "eval": "__builtin__.eval", "exec": "__builtin__.exec",
      "popen": ".Popen", "getattr": "__builtin__.getattr", "load": "torch.serialization",
      "protocol4": "protocol 4", "protocol5": "protocol 5", "module": "torch.nn.modules.linear",
    ]
    for (name, reason) in reasons {
      let path = folder.file("refused-\(name).pt")
      #expect { try PyTorchFile.read(path: path) } throws: { error in
        (error as? TorchError)?.code == .invalidFile && "\(error)".contains(path)
          && "\(error)".contains(reason)
      }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.filter { $0.hasPrefix("refused-") }.count == reasons.count)
    #expect(!files.contains("pwned"))
  }

  private func expectEqualLines(_ lines: String, _ wanted: String) {
    let pairs = zip(lines.split(separator: "\n"), wanted.split(separator: "\n"))
    for (line, wanted) in pairs where line != wanted {
      Issue.record("\(line.prefix(200)) is not \(wanted.prefix(200))")
    }
    #expect(lines == wanted)
  }

  /// The lines of `pytorch_file.py describe`.
  private func lines(_ value: PickleValue) -> String {
    var memories: [UnsafeMutableRawPointer?] = []
    var lines: [String] = []
    func add(_ value: PickleValue, _ prefix: String) {
      switch value {
      case .none: lines.append("\(prefix) nonetype none")
      case .bool(let value): lines.append("\(prefix) bool \(value)")
      case .int(let value): lines.append("\(prefix) int \(value)")
      case .float(let value):
        let bits = withUnsafeBytes(of: value.bitPattern.bigEndian) { hex($0) }
        lines.append("\(prefix) float \(bits)")
      case .string(let value):
        lines.append("\(prefix) string \(hex(Array(value.utf8)))")
      case .tensor(let tensor):
        // The start of the storage: the address of offset 0.
        let offset = storageOffset(tensor)
        let address = tensor.dataAddress.map { $0 - offset * tensor.dtype.byteCount }
        let known = tensor.count == 0 ? nil : memories.firstIndex(of: address)
        let memory = known ?? memories.count
        if known == nil { memories.append(address) }
        lines.append(
          "\(prefix) tensor \(tensor.dtype) \(tensor.shape) \(tensor.strides) \(offset) "
            + "\(tensor.requiresGrad) @\(memory) \(tensor.withBytes { hex($0) })")
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
      case .opaque(let value): lines.append("\(prefix) opaque \(value)")
      }
    }
    add(value, "")
    return lines.joined(separator: "\n")
  }

  private func storageOffset(_ tensor: Tensor) -> Int {
    guard tensor.count > 0 else { return 0 }
    let first = tensor.detach().asStrided([], [], storageOffset: 0)
    guard let start = first.dataAddress, let mine = tensor.dataAddress else { return 0 }
    return (mine - start) / tensor.dtype.byteCount
  }

  private func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
