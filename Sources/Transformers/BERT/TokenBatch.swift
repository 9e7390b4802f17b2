public import Torch

// Shapes in names: B batch, S tokens of a sequence, T tokens of all sequences.

/// A batch of token sequences, as a model accepts it.
///
/// Pack sequences where the batch is built, on the threads of a data loader, and move the batch to
/// the model's device in the training loop:
///
/// ```swift
/// let loader = try DataLoader(reviews, batches: batches) { reviews in
///   try TokenBatch(packing: reviews.map(\.ids))
/// }
/// …
/// let logits = try model(batch.to(device))
/// ```
/// A packed batch costs no computation on padding. The model pads it where padded sequences are
/// faster: on GPUs in float32, and in debug builds.
public struct TokenBatch: Sendable {
  /// The memory layout of the sequences.
  package enum Layout: Sendable {
    case packed(PackedTokens)
    case padded(PaddedTokens)
  }

  let layout: Layout

  /// Concatenates sequences without padding.
  ///
  /// - Parameters:
  ///   - sequences: The token ids of each sequence, special tokens included.
  ///   - tokenTypeIDs: The segment of each token; `nil` if all are in the first.
  /// - Throws: ``TransformersError`` with code `invalidArgument` if there are no sequences, or one
  ///   of them is empty or differs in length from its segments.
  public init(
    packing sequences: [[Int32]], tokenTypeIDs: [[Int32]]? = nil
  ) throws(TransformersError) {
    layout = .packed(try PackedTokens(sequences, tokenTypeIDs: tokenTypeIDs))
  }

  /// Creates a batch of padded sequences, with the tensors that a Hugging Face tokenizer returns.
  ///
  /// On the CPU, the model removes the padding in each forward pass.
  /// ``init(packing:tokenTypeIDs:)`` avoids that work.
  ///
  /// - Parameters:
  ///   - inputIDs: The token ids, shape `[batch, tokens]`, int64.
  ///   - tokenTypeIDs: The segment of each token, the same shape, int64; `nil` if all are in the
  ///     first.
  ///   - attentionMask: True for a token and false for padding, the same shape, bool; `nil` without
  ///     padding.
  public init(inputIDs: Tensor, tokenTypeIDs: Tensor? = nil, attentionMask: Tensor? = nil) {
    layout = .padded(
      PaddedTokens(inputIDs: inputIDs, tokenTypeIDs: tokenTypeIDs, attentionMask: attentionMask))
  }

  package init(_ layout: Layout) { self.layout = layout }

  var device: Device {
    switch layout {
    case .packed(let tokens): tokens.inputIDs.device
    case .padded(let tokens): tokens.inputIDs.device
    }
  }

  /// The same batch on a device: a copy unless it is there.
  public func to(_ device: Device) -> TokenBatch {
    switch layout {
    case .packed(let tokens): TokenBatch(.packed(tokens.to(device)))
    case .padded(let tokens): TokenBatch(.padded(tokens.to(device)))
    }
  }

  /// The sequences without padding; `nil` if they cannot be packed, see ``PaddedTokens/packed``.
  package var packed: PackedTokens? {
    switch layout {
    case .packed(let tokens): tokens
    case .padded(let tokens): tokens.packed
    }
  }

  /// The sequences in rows of equal length, filled with `paddingToken` if the batch was packed.
  package func padded(with paddingToken: Int) -> PaddedTokens {
    switch layout {
    case .packed(let tokens): PaddedTokens(tokens, paddingToken: paddingToken)
    case .padded(let tokens): tokens
    }
  }
}
