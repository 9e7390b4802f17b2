package import Torch

// Shapes in names: B batch, S tokens of a sequence, T tokens of all sequences.

/// Token sequences one after the other, without padding.
package struct PackedTokens {
  /// Shape `[T]`, int64.
  package var inputIDs: Tensor
  /// Shape `[T]`, int64; `nil` if all tokens are in the first segment.
  package var tokenTypeIDs: Tensor?
  /// The position of each token in its sequence, shape `[T]`, int64.
  package var positions: Tensor
  /// The rows of each sequence.
  package var sequences: PackedSequences

  /// Concatenates sequences; see ``TokenBatch/init(packing:tokenTypeIDs:)``.
  init(_ sequences: [[Int32]], tokenTypeIDs: [[Int32]]?) throws(TransformersError) {
    guard !sequences.isEmpty else {
      throw TransformersError(.invalidArgument, "a batch needs at least one sequence")
    }
    if let tokenTypeIDs, tokenTypeIDs.count != sequences.count {
      throw TransformersError(
        .invalidArgument,
        "\(sequences.count) sequences have tokenTypeIDs for \(tokenTypeIDs.count): pass one array "
          + "per sequence")
    }
    for (index, sequence) in sequences.enumerated() {
      guard !sequence.isEmpty else {
        throw TransformersError(
          .invalidArgument,
          "sequence \(index) of the batch is empty: encode its text with special tokens")
      }
      if let types = tokenTypeIDs?[index], types.count != sequence.count {
        throw TransformersError(
          .invalidArgument,
          "sequence \(index) of the batch has \(sequence.count) tokens but \(types.count) "
            + "tokenTypeIDs: pass one per token")
      }
    }
    inputIDs = Tensor(sequences.flatMap { $0.map(Int64.init) })
    self.tokenTypeIDs = tokenTypeIDs.map { Tensor($0.flatMap { $0.map(Int64.init) }) }
    positions = Tensor(sequences.flatMap { $0.indices.map(Int64.init) })
    self.sequences = PackedSequences(lengths: sequences.map(\.count))
  }

  /// Removes the padding.
  ///
  /// Returns `nil` if the sequences cannot be packed: on a GPU, because reading the mask would wait
  /// for the queued work; for a batch without tokens; and if the mask hides the first token of a
  /// sequence, which the pooler needs.
  package init?(_ padded: PaddedTokens) {
    let shape = padded.inputIDs.shape
    guard padded.inputIDs.device == .cpu, shape.count == 2, shape[0] > 0, shape[1] > 0,
      padded.attentionMask?.device ?? .cpu == .cpu
    else { return nil }
    let rows = shape[0]
    let columns = shape[1]
    let mask = padded.attentionMask?.to(.bool).array(of: Bool.self)
    var positions: [Int64] = []
    var offsets: [Int64] = []
    var lengths: [Int] = []
    for row in 0..<rows {
      guard mask?[row * columns] ?? true else { return nil }
      let first = offsets.count
      for column in 0..<columns where mask?[row * columns + column] ?? true {
        positions.append(Int64(column))
        offsets.append(Int64(row * columns + column))
      }
      lengths.append(offsets.count - first)
    }
    let offsetsT = mask.map { _ in Tensor(offsets) }
    func packed(_ tensorBS: Tensor) -> Tensor {
      let allT = tensorBS.reshape([rows * columns])
      return offsetsT.map { allT.rows($0) } ?? allT
    }
    inputIDs = packed(padded.inputIDs)
    tokenTypeIDs = padded.tokenTypeIDs.map(packed)
    self.positions = Tensor(positions)
    sequences = PackedSequences(lengths: lengths)
  }

  package func to(_ device: Device) -> PackedTokens {
    var moved = self
    moved.inputIDs = inputIDs.to(device)
    moved.tokenTypeIDs = tokenTypeIDs?.to(device)
    moved.positions = positions.to(device)
    moved.sequences.firstRows = sequences.firstRows.to(device)
    return moved
  }
}

/// Which rows of packed tensors belong to which sequence.
package struct PackedSequences {
  /// The first row of each sequence, and the number of rows: int64 `[B + 1]`, always on the CPU.
  package var boundaries: Tensor
  /// The first row of each sequence, on the device of the rows: int64 `[B]`.
  package var firstRows: Tensor

  init(lengths: [Int]) {
    var boundaries: [Int64] = [0]
    for length in lengths { boundaries.append(boundaries[boundaries.count - 1] + Int64(length)) }
    self.boundaries = Tensor(boundaries)
    firstRows = Tensor(Array(boundaries.dropLast()))
  }

  /// The number of sequences.
  var count: Int { firstRows.count }

  /// The sequences reduced to their first rows.
  package var firstRowsOnly: PackedSequences {
    var reduced = self
    reduced.boundaries = Tensor(Array(0...Int64(count)))
    reduced.firstRows = Tensor.arange(count, device: firstRows.device)
    return reduced
  }
}

extension Tensor {
  /// The rows at `indices`, int64 `[rows]`.
  func rows(_ indices: Tensor) -> Tensor {
    indexSelectOp.tensor(.tensor(self), .int(0), .tensor(indices))
  }
}

private let indexSelectOp = Operator("aten::index_select")
