package import Torch

// Shapes in names: B batch, S tokens of a sequence, T tokens of all sequences.

/// Token sequences in rows of equal length.
package struct PaddedTokens {
  /// Shape `[B, S]`, int64.
  package let inputIDs: Tensor
  /// Shape `[B, S]`, int64; `nil` if all tokens are in the first segment.
  package let tokenTypeIDs: Tensor?
  /// False for padding, shape `[B, S]`, bool; `nil` without padding.
  package let attentionMask: Tensor?
  /// The packed form, set when the batch leaves the CPU.
  package var packedBefore: PackedTokens?

  init(inputIDs: Tensor, tokenTypeIDs: Tensor?, attentionMask: Tensor?) {
    self.inputIDs = inputIDs
    self.tokenTypeIDs = tokenTypeIDs
    self.attentionMask = attentionMask
  }

  /// Pads packed sequences to the longest.
  init(_ packed: PackedTokens, paddingToken: Int) {
    let device = packed.inputIDs.device
    let boundaries = packed.sequences.boundaries.array(of: Int64.self).map { Int($0) }
    let lengths = zip(boundaries, boundaries.dropFirst()).map { $1 - $0 }
    let columns = lengths.max() ?? 0
    let shape = [lengths.count, columns]
    guard lengths.contains(where: { $0 < columns }) else {
      self.init(
        inputIDs: packed.inputIDs.reshape(shape),
        tokenTypeIDs: packed.tokenTypeIDs?.reshape(shape), attentionMask: nil)
      return
    }
    // The padding is a copy of a row that is appended to the packed rows.
    let paddingRow = boundaries[lengths.count]
    let rows = zip(boundaries, lengths).flatMap { first, length in
      (0..<columns).map { Int64($0 < length ? first + $0 : paddingRow) }
    }
    let rowsT = Tensor(rows).to(device)
    func padded(_ tensorT: Tensor, _ value: Int) -> Tensor {
      let valueT = Tensor([Int64(value)]).to(device)
      return Tensor.cat([tensorT, valueT]).rows(rowsT).reshape(shape)
    }
    self.init(
      inputIDs: padded(packed.inputIDs, paddingToken),
      tokenTypeIDs: packed.tokenTypeIDs.map { padded($0, 0) },
      attentionMask: Tensor(rows.map { $0 < paddingRow }, shape: shape).to(device))
  }

  /// The sequences without padding; `nil` if they cannot be packed, see ``PackedTokens/init(_:)``.
  var packed: PackedTokens? { packedBefore ?? PackedTokens(self) }

  /// Moves all tensors to a device.
  ///
  /// Packs the sequences before they leave the CPU, because reading the mask from a GPU would wait
  /// for the queued work.
  package func to(_ device: Device) -> PaddedTokens {
    var moved = PaddedTokens(
      inputIDs: inputIDs.to(device), tokenTypeIDs: tokenTypeIDs?.to(device),
      attentionMask: attentionMask?.to(device))
    let packed = packedBefore ?? (device == .cpu ? nil : PackedTokens(self))
    moved.packedBefore = packed?.to(device)
    return moved
  }
}
