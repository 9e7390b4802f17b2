public import Torch

/// Token sequences of one length, as a model takes them.
public struct TokenBatch: Sendable {
  /// The tokens, shape `[batch, tokens]`, int64.
  public var inputIDs: Tensor { didSet { packed = nil } }
  /// The segment of each token, shape `[batch, tokens]`, int64; `nil` when all are in the first.
  public var tokenTypeIDs: Tensor? { didSet { packed = nil } }
  /// Which tokens are not padding, shape `[batch, tokens]`, bool; `nil` when none is.
  public var attentionMask: Tensor? { didSet { packed = nil } }
  /// The same without padding, if it was packed before it came to its device.
  var packed: PackedTokens?

  /// Creates a batch.
  public init(inputIDs: Tensor, tokenTypeIDs: Tensor? = nil, attentionMask: Tensor? = nil) {
    self.inputIDs = inputIDs
    self.tokenTypeIDs = tokenTypeIDs
    self.attentionMask = attentionMask
  }

  /// Itself, or a copy on a device.
  ///
  /// Padding is found before the batch leaves the CPU, so that nobody has to wait for a GPU to read its mask.
  public func moved(to device: Device) -> TokenBatch {
    var moved = TokenBatch(
      inputIDs: inputIDs.moved(to: device), tokenTypeIDs: tokenTypeIDs?.moved(to: device),
      attentionMask: attentionMask?.moved(to: device))
    let packed = packed ?? (device == .cpu ? nil : PackedTokens(self))
    moved.packed = packed?.moved(to: device)
    return moved
  }
}
