internal import Collectives
internal import Foundation
internal import Support
internal import Torch

/// The states of a rank's per-rank parts, encoded for an all-gather; the states must be small.
struct RankStates: Codable {
  var parts: [String: Packed]

  struct Packed: Codable {
    var values: [String: JSONValue]
    var tensors: [String: PackedTensor]
  }

  struct PackedTensor: Codable {
    var dtype: DType.RawValue
    var shape: [Int]
    var bytes: Data
  }

  /// Captures the states of the parts.
  init(capturing parts: [String: any Stateful]) throws(TorchError) {
    self.parts = [:]
    for (name, part) in parts {
      let state = try part.captureState()
      let tensors = state.tensors.mapValues { tensor in
        PackedTensor(
          dtype: tensor.dtype.rawValue, shape: tensor.shape, bytes: tensor.withBytes { Data($0) })
      }
      self.parts[name] = Packed(values: state.values, tensors: tensors)
    }
  }

  /// Gathers the states of all ranks in rank order; without a group, returns only this rank's.
  func gathered(_ group: (any ProcessGroup)?) throws -> [RankStates] {
    guard let group else { return [self] }
    let all = try group.allGather(Array(try JSONEncoder().encode(self)))
    return try all.map { try JSONDecoder().decode(RankStates.self, from: Data($0)) }
  }
}

extension RankStates.PackedTensor {
  var tensor: Tensor {
    guard let dtype = DType(rawValue: dtype) else {
      preconditionFailure("unknown element type \(dtype)")
    }
    let tensor = Tensor.empty(shape, dtype: dtype)
    bytes.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress, !bytes.isEmpty else { return }
      tensor.dataAddress?.copyMemory(from: source, byteCount: bytes.count)
    }
    return tensor
  }
}

/// The tensors of all ranks in one file, named `RANK.PART.NAME`.
enum RankTensors {
  static func joined(_ ranks: [RankStates]) -> StateDict {
    var joined: StateDict = [:]
    for (rank, states) in ranks.enumerated() {
      for (part, packed) in states.parts {
        for (name, tensor) in packed.tensors { joined["\(rank).\(part).\(name)"] = tensor.tensor }
      }
    }
    return joined
  }

  static func tensors(of part: String, rank: Int, in joined: StateDict) -> StateDict {
    let prefix = "\(rank).\(part)."
    var result: StateDict = [:]
    for (name, tensor) in joined where name.hasPrefix(prefix) {
      result[String(name.dropFirst(prefix.count))] = tensor
    }
    return result
  }
}
