/// Tensors by name, as a module saves them.
public typealias StateDict = [String: Tensor]

/// Which names a module and a state dictionary do not share.
public struct LoadReport: Equatable, Sendable {
  /// Tensors of the module that were not given; they keep their values.
  public var missingKeys: [String]
  /// Tensors that were given but that the module does not have; they were not used.
  public var unexpectedKeys: [String]

  /// Creates a report; the names are sorted.
  public init(missingKeys: [String], unexpectedKeys: [String]) {
    self.missingKeys = missingKeys.sorted()
    self.unexpectedKeys = unexpectedKeys.sorted()
  }
}

extension Module {
  /// Copies tensors into the parameters and buffers of the same names, converting their types.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` when a shape differs; it names all of them, and
  ///   nothing has been copied then.
  /// - Returns: The names that did not match. That is no error here: the caller decides.
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
      throw TorchError(.mismatch, "saved tensors do not fit: \(wrong.joined(separator: "; "))")
    }
    withoutGradients {
      for (name, tensor) in own {
        if let given = state[name] { tensor.copy(from: given) }
      }
    }
    return LoadReport(
      missingKeys: own.keys.filter { state[$0] == nil },
      unexpectedKeys: state.keys.filter { own[$0] == nil })
  }
}

extension StateDict {
  /// A 64-bit hash of all names, shapes, types and bits, in the order of the names.
  ///
  /// Equal on two ranks if and, for all practical purposes, only if their tensors are equal to the
  /// bit. FNV-1a (Fowler, Noll, Vo) over 8-byte words; not for use against an adversary.
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
    // FNV mixes upward only; the rotation brings high bits of a word back down.
    value = value << 23 | value >> 41
  }
}
