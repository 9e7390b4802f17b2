/// A batch of sequences: padded to one length, or packed.
public enum RecurrentSequence {
  /// Shape `[length, batch, features]`, or with the batch first, or without the batch.
  case padded(Tensor)
  /// Sequences of different lengths, without padding.
  case packed(PackedSequence)

  /// The elements.
  var data: Tensor {
    switch self {
    case .padded(let tensor): tensor
    case .packed(let sequence): sequence.data
    }
  }
}

extension RecurrentSequence: TensorContainer {
  /// Returns the sequences with each tensor replaced by its transformation.
  public func mapTensors(_ transform: (Tensor) throws -> Tensor) rethrows -> RecurrentSequence {
    switch self {
    case .padded(let tensor): .padded(try transform(tensor))
    case .packed(let sequence): .packed(try Tensor.map(in: sequence, transform))
    }
  }
}
