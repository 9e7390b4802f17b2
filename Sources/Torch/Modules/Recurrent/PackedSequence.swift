/// Sequences of different lengths, step by step and without padding.
///
/// Create one with `packPaddedSequence` or ``packSequence(_:enforceSorted:)``.
/// PyTorch: `nn.utils.rnn.PackedSequence`.
public struct PackedSequence {
  /// The elements of step 0 of all sequences, then those of step 1, …: shape `[elements, …]`.
  public var data: Tensor
  /// The number of sequences that have each step, int64 on the CPU.
  public var batchSizes: Tensor
  /// The original index of each sequence, in order of decreasing length; `nil` if they were sorted.
  public var sortedIndices: Tensor?
  /// The position of each original sequence in that order; `nil` if they were sorted.
  public var unsortedIndices: Tensor?

  /// Creates a pack of its parts.
  public init(
    data: Tensor, batchSizes: Tensor, sortedIndices: Tensor? = nil, unsortedIndices: Tensor? = nil
  ) {
    self.data = data
    self.batchSizes = batchSizes
    self.sortedIndices = sortedIndices
    self.unsortedIndices = unsortedIndices ?? sortedIndices?.argsort()
  }

  /// The number of sequences.
  var batchSize: Int {
    batchSizes.isDefined && batchSizes.count > 0 ? Int(batchSizes.select(dim: 0, index: 0).item) : 0
  }
}

/// Packs sequences that are padded to one length.
///
/// PyTorch: `nn.utils.rnn.pack_padded_sequence`.
///
/// - Parameters:
///   - input: Shape `[length, batch, …]`.
///   - lengths: The length of each sequence, at least 1.
///   - batchFirst: Whether the shape is `[batch, length, …]`.
///   - enforceSorted: Whether the lengths must be in decreasing order. Otherwise the sequences are
///     sorted, and ``padPackedSequence(_:batchFirst:paddingValue:totalLength:)`` restores their
///     order.
/// - Returns: The pack.
public func packPaddedSequence(
  _ input: Tensor, _ lengths: Tensor, batchFirst: Bool = false, enforceSorted: Bool = true
) -> PackedSequence {
  var input = input
  var lengths = lengths.to(.int64)
  var sortedIndices: Tensor?
  if !enforceSorted {
    let sorted = lengths.sort(descending: true)
    lengths = sorted.values
    let indices = sorted.indices.to(input.device)
    input = input.indexSelect(dim: batchFirst ? 0 : 1, index: indices)
    sortedIndices = indices
  }
  let parts = packOp.tensors(count: 2, .tensor(input), .tensor(lengths), .bool(batchFirst))
  return PackedSequence(data: parts[0], batchSizes: parts[1], sortedIndices: sortedIndices)
}

/// Packs sequences that are padded to one length; the lengths are an array.
///
/// See the function of the same name for a tensor of lengths.
public func packPaddedSequence(
  _ input: Tensor, _ lengths: [Int], batchFirst: Bool = false, enforceSorted: Bool = true
) -> PackedSequence {
  packPaddedSequence(
    input, Tensor(lengths.map(Int64.init)), batchFirst: batchFirst, enforceSorted: enforceSorted)
}

/// Pads the sequences of a pack to one length: the inverse of packing.
///
/// PyTorch: `nn.utils.rnn.pad_packed_sequence`.
///
/// - Parameters:
///   - sequence: The pack.
///   - batchFirst: Whether the result has the shape `[batch, length, …]`.
///   - paddingValue: The elements after the end of a sequence.
///   - totalLength: The length of the result, at least that of the longest sequence; `nil` for the
///     latter.
/// - Returns: The padded sequences in their original order, shape `[length, batch, …]`, and their
///   lengths, int64 on the CPU.
public func padPackedSequence(
  _ sequence: PackedSequence, batchFirst: Bool = false, paddingValue: Double = 0,
  totalLength: Int? = nil
) -> (output: Tensor, lengths: Tensor) {
  let longest = sequence.batchSizes.isDefined ? sequence.batchSizes.count : 0
  if let totalLength, totalLength < longest {
    operatorFailed(
      "padPackedSequence", sequence.data.summary,
      "totalLength is \(totalLength), but the longest sequence has \(longest) elements: use "
        + "\(longest) or more")
    return (Tensor(owning: nil), Tensor(owning: nil))
  }
  let results = padOp.tensors(
    count: 2, .tensor(sequence.data), .tensor(sequence.batchSizes), .bool(batchFirst),
    .double(paddingValue), .int(totalLength ?? longest))
  guard let unsorted = sequence.unsortedIndices else { return (results[0], results[1]) }
  return (
    results[0].indexSelect(dim: batchFirst ? 0 : 1, index: unsorted),
    results[1].indexSelect(dim: 0, index: unsorted.to(.cpu))
  )
}

/// Pads sequences of shape `[length, …]` to the length of the longest.
///
/// PyTorch: `nn.utils.rnn.pad_sequence`.
///
/// - Parameters:
///   - sequences: At least one; their shapes differ in dimension 0 only.
///   - batchFirst: Whether the result has the shape `[batch, length, …]` and not
///     `[length, batch, …]`.
///   - paddingValue: The added elements.
///   - paddingSide: Where they are added.
/// - Returns: Shape `[length, batch, …]`, or with the batch first.
public func padSequence(
  _ sequences: [Tensor], batchFirst: Bool = false, paddingValue: Double = 0,
  paddingSide: PaddingSide = .right
) -> Tensor {
  padSequenceOp.tensor(
    .tensors(sequences), .bool(batchFirst), .double(paddingValue), .string(paddingSide.rawValue))
}

/// The end of a sequence at which padding is added.
public enum PaddingSide: String, Sendable {
  /// Before the sequence.
  case left
  /// After the sequence.
  case right
}

/// Cuts padded sequences to their lengths: the inverse of
/// ``padSequence(_:batchFirst:paddingValue:paddingSide:)`` with padding at the right.
///
/// PyTorch: `nn.utils.rnn.unpad_sequence`.
///
/// - Parameters:
///   - paddedSequences: Shape `[length, batch, …]`.
///   - lengths: The length of each sequence.
///   - batchFirst: Whether the shape is `[batch, length, …]`.
/// - Returns: Views of the sequences, each of shape `[length, …]`.
public func unpadSequence(
  _ paddedSequences: Tensor, _ lengths: Tensor, batchFirst: Bool = false
) -> [Tensor] {
  guard lengths.isDefined, paddedSequences.isDefined else { return [] }
  let sequences = batchFirst ? paddedSequences : paddedSequences.transpose(0, 1)
  return zip(sequences.unbind(dim: 0), lengths.to(.int64).to(.cpu).array(of: Int64.self)).map {
    $0.narrow(dim: 0, start: 0, length: Int($1))
  }
}

/// Packs sequences of shape `[length, …]`.
///
/// PyTorch: `nn.utils.rnn.pack_sequence`.
///
/// - Parameters:
///   - sequences: At least one; their shapes differ in dimension 0 only.
///   - enforceSorted: Whether they must be in order of decreasing length.
/// - Returns: The pack.
public func packSequence(_ sequences: [Tensor], enforceSorted: Bool = true) -> PackedSequence {
  packPaddedSequence(
    padSequence(sequences), sequences.map { $0.shape.first ?? 0 }, enforceSorted: enforceSorted)
}

/// The sequences of a pack, in their original order, each of shape `[length, …]`.
///
/// PyTorch: `nn.utils.rnn.unpack_sequence`.
public func unpackSequence(_ sequence: PackedSequence) -> [Tensor] {
  let (padded, lengths) = padPackedSequence(sequence, batchFirst: true)
  return unpadSequence(padded, lengths, batchFirst: true)
}

private let packOp = Operator("aten::_pack_padded_sequence")
private let padOp = Operator("aten::_pad_packed_sequence")
private let padSequenceOp = Operator("aten::pad_sequence")
