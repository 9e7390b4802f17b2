public import Torch

/// Token sequences of one length, as a model takes them.
public struct TokenBatch: Sendable {
  /// The tokens, shape `[batch, tokens]`, int64.
  public var inputIDs: Tensor
  /// The segment of each token, shape `[batch, tokens]`, int64; `nil` when all are in the first.
  public var tokenTypeIDs: Tensor?
  /// Which tokens are not padding, shape `[batch, tokens]`, bool; `nil` when none is.
  public var attentionMask: Tensor?

  /// Creates a batch.
  public init(inputIDs: Tensor, tokenTypeIDs: Tensor? = nil, attentionMask: Tensor? = nil) {
    self.inputIDs = inputIDs
    self.tokenTypeIDs = tokenTypeIDs
    self.attentionMask = attentionMask
  }

  /// Itself, or a copy on a device.
  public func moved(to device: Device) -> TokenBatch {
    TokenBatch(
      inputIDs: inputIDs.moved(to: device), tokenTypeIDs: tokenTypeIDs?.moved(to: device),
      attentionMask: attentionMask?.moved(to: device))
  }
}
