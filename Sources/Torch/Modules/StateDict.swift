/// Tensors by name, like PyTorch's `state_dict`.
public typealias StateDict = [String: Tensor]

/// The names that a module and a state dictionary do not share.
public struct LoadReport: Equatable, Sendable {
  /// The tensors of the module that are not in the dictionary; they keep their values.
  public var missingKeys: [String]
  /// The tensors in the dictionary that the module does not have; they are ignored.
  public var unexpectedKeys: [String]

  /// Creates a report and sorts the names.
  public init(missingKeys: [String], unexpectedKeys: [String]) {
    self.missingKeys = missingKeys.sorted()
    self.unexpectedKeys = unexpectedKeys.sorted()
  }
}

extension Module {
  /// Copies tensors into the parameters and buffers of the same names, converting their types.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if shapes differ. The message names all tensors
  ///   that do not fit, and nothing is copied.
  /// - Returns: The names that do not match, which is not an error.
  @discardableResult
  public func loadStateDict(_ state: StateDict) throws(TorchError) -> LoadReport {
    let own = stateDict
    let wrong = own.keys.sorted().compactMap { name -> String? in
      guard let mine = own[name], let given = state[name], mine.shape != given.shape else {
        return nil
      }
      return "'\(name)' has shape \(given.shape), but the model needs \(mine.shape)"
    }
    guard wrong.isEmpty else {
      throw TorchError(
        .mismatch, "the saved tensors do not fit the model: \(wrong.joined(separator: "; "))")
    }
    noGrad {
      for (name, tensor) in own {
        if let given = state[name] { tensor.copy_(given) }
      }
    }
    return LoadReport(
      missingKeys: own.keys.filter { state[$0] == nil },
      unexpectedKeys: state.keys.filter { own[$0] == nil })
  }
}

extension StateDict {
  /// A 64-bit hash of all names, shapes, types and elements, in the order of the names.
  ///
  /// Equal tensors have equal fingerprints; different tensors practically never do. FNV-1a (Fowler,
  /// Noll, Vo) over 8-byte words, which is not a cryptographic hash.
  public var fingerprint: UInt64 {
    var hash = FNV1a()
    for (name, tensor) in self.sorted(by: { $0.key < $1.key }) {
      hash.combine(Array("\(name) \(tensor.dtype) \(tensor.shape)".utf8))
      tensor.withBytes { hash.combine($0) }
    }
    return hash.value
  }
}

private struct FNV1a {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func combine(_ bytes: [UInt8]) { bytes.withUnsafeBytes { combine($0) } }

  mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    let words = bytes.count / 8
    for word in 0..<words {
      mix(bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self))
    }
    for byte in bytes[(words * 8)...] { mix(UInt64(byte)) }
  }

  private mutating func mix(_ word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01b3
    // FNV propagates changes to higher bits only; the rotation moves high bits down.
    value = value << 23 | value >> 41
  }
}
