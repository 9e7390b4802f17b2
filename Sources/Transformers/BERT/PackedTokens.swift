internal import Torch

// Shapes in names: B batch, S tokens of a sequence, T tokens of all sequences.

/// A batch without its padding: all sequences one after the other.
struct PackedTokens {
  /// Shape `[T]`, int64.
  var inputIDs: Tensor
  /// Shape `[T]`, int64; `nil` when all are in the first segment.
  var tokenTypeIDs: Tensor?
  /// The position of each token in its sequence, shape `[T]`, int64.
  var positions: Tensor
  /// Where each sequence begins, and the number of all tokens: int64 `[B + 1]`, always on the CPU.
  var boundaries: Tensor
  /// Where the first token of each sequence is: int64 `[B]`.
  var firsts: Tensor

  /// Leaves out what the mask does; `nil` on a GPU, whose mask would have to be waited for, without tokens, and when
  /// the first token of a sequence is masked, whose vector would have no row.
  init?(_ batch: TokenBatch) {
    let shape = batch.inputIDs.shape
    guard batch.inputIDs.device == .cpu, shape.count == 2, shape[0] > 0, shape[1] > 0,
      batch.attentionMask?.device ?? .cpu == .cpu
    else { return nil }
    let (rows, columns) = (shape[0], shape[1])
    var positions: [Int64] = []
    var places: [Int64] = []
    var boundaries: [Int64] = [0]
    let mask = batch.attentionMask?.converted(to: .bool).array(of: Bool.self)
    for row in 0..<rows {
      for column in 0..<columns where mask?[row * columns + column] ?? true {
        positions.append(Int64(column))
        places.append(Int64(row * columns + column))
      }
      guard mask?[row * columns] ?? true else { return nil }
      boundaries.append(Int64(places.count))
    }
    let placesT = mask.map { _ in Tensor(places) }
    func packed(_ tensorBS: Tensor) -> Tensor {
      let allT = tensorBS.reshaped([rows * columns])
      return placesT.map { allT.rows($0) } ?? allT
    }
    inputIDs = packed(batch.inputIDs)
    tokenTypeIDs = batch.tokenTypeIDs.map(packed)
    self.positions = Tensor(positions)
    self.boundaries = Tensor(boundaries)
    firsts = Tensor(Array(boundaries.dropLast()))
  }
}

extension PackedTokens {
  /// Itself, or a copy on a device.
  func moved(to device: Device) -> PackedTokens {
    var moved = self
    moved.inputIDs = inputIDs.moved(to: device)
    moved.tokenTypeIDs = tokenTypeIDs?.moved(to: device)
    moved.positions = positions.moved(to: device)
    moved.firsts = firsts.moved(to: device)
    return moved
  }

  /// The first token of each sequence, without the others.
  var firstsAlone: PackedTokens {
    var alone = self
    alone.inputIDs = inputIDs.rows(firsts)
    alone.tokenTypeIDs = tokenTypeIDs?.rows(firsts)
    alone.positions = positions.rows(firsts)
    alone.boundaries = Tensor(Array(0...Int64(firsts.count)))
    alone.firsts = Tensor(0..<firsts.count, device: firsts.device)
    return alone
  }
}

extension Tensor {
  /// The rows with these numbers, int64 `[…]`.
  func rows(_ numbers: Tensor) -> Tensor {
    indexSelect.tensor(.tensor(self), .int(0), .tensor(numbers))
  }
}

private let indexSelect = Operator("aten::index_select")
