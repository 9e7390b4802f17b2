public import Collectives
internal import Support
internal import Torch
internal import TorchCollectives

/// Sends gradients as 8-bit values with a scale and a zero point (`quantization_pertensor_hook`,
/// `quantization_perchannel_hook`).
///
/// Each rank sends its whole bucket to all others. With 9 ranks or more this sends more bytes than
/// a ring that sums float32.
public final class QuantizationHook: CommunicationHook {
  /// The number of consecutive elements that share a scale; `nil` for the whole bucket.
  private let channelSize: Int?

  /// Creates the hook.
  ///
  /// - Parameters:
  ///   - channelSize: The number of consecutive elements that share a scale (512 in
  ///     PyTorch); `nil` for one scale per bucket.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public init(channelSize: Int? = nil, file: StaticString = #fileID, line: UInt = #line) {
    require(
      (channelSize ?? 1) > 0, "channelSize is \(channelSize ?? 0); use 1 or more, or nil",
      file: file, line: line)
    self.channelSize = channelSize
  }

  /// "quantization", with the channel size if it is set.
  public var name: String { channelSize.map { "quantization of \($0)" } ?? "quantization" }

  /// Gathers scales, then 8-bit values, and averages the dequantized values.
  public func reduce(_ bucket: GradientBucket, over group: any ProcessGroup) throws -> Reduction {
    let channels = noGrad { split(bucket.buffer) }
    let ranges = noGrad { QuantizationHook.scales(of: channels) }
    let (work, gathered) = try gather(ranges, over: group)
    return Reduction([work]) {
      try noGrad {
        let ranks = gathered.reshape([group.worldSize] + ranges.shape)
        let bytes = QuantizationHook.quantize(channels, ranges)
        let (work, gatheredBytes) = try gather(bytes, over: group)
        try work.wait()
        let all = gatheredBytes.reshape([group.worldSize] + bytes.shape)
        let sum = Tensor.zeros(channels.shape)
        for rank in 0..<group.worldSize {
          sum.add_(
            QuantizationHook.restore(
              all.select(dim: 0, index: rank), ranks.select(dim: 0, index: rank)))
        }
        let mean = sum / Double(group.worldSize)
        return mean.reshape([mean.count]).narrow(dim: 0, start: 0, length: bucket.buffer.count)
      }
    }
  }

  /// Returns the bucket in the shape `[channels, elements]`.
  ///
  /// The last channel is padded with zeros. If it is already full, a channel of zeros is added, as
  /// in PyTorch.
  private func split(_ buffer: Tensor) -> Tensor {
    guard let channelSize else { return buffer.reshape([1, buffer.count]) }
    let padding = channelSize - buffer.count % channelSize
    return Tensor.cat([buffer, Tensor.zeros([padding], dtype: buffer.dtype)])
      .reshape([-1, channelSize])
  }

  /// Returns scales and zero points, shape `[2, channels, 1]`.
  ///
  /// The range of each channel, extended to include 0, is divided into 255 steps, as in PyTorch's
  /// `MinMaxObserver`.
  static func scales(of channels: Tensor) -> Tensor {
    let low = clampMaxOp.tensor(
      .tensor(aminOp.tensor(.tensor(channels), .ints([1]), .bool(true))), .double(0))
    let high = clampMinOp.tensor(
      .tensor(amaxOp.tensor(.tensor(channels), .ints([1]), .bool(true))), .double(0))
    let scale = clampMinOp.tensor(
      .tensor((high - low) / 255), .double(Double(Float.ulpOfOne)))
    let zero = clampMaxOp.tensor(
      .tensor(
        clampMinOp.tensor(
          .tensor(roundOp.tensor(.tensor(low / scale)) * -1), .double(0))), .double(255))
    return stackOp.tensor(.tensors([scale, zero]), .int(0))
  }

  static func quantize(_ channels: Tensor, _ ranges: Tensor) -> Tensor {
    let scale = ranges.select(dim: 0, index: 0)
    let zero = ranges.select(dim: 0, index: 1)
    let steps = roundOp.tensor(.tensor(channels / scale)) + zero
    return clampMaxOp.tensor(
      .tensor(clampMinOp.tensor(.tensor(steps), .double(0))), .double(255)
    ).to(.uint8)
  }

  static func restore(_ bytes: Tensor, _ ranges: Tensor) -> Tensor {
    let scale = ranges.select(dim: 0, index: 0)
    let zero = ranges.select(dim: 0, index: 1)
    return scale * (bytes.to(.float32) - zero)
  }
}

private let aminOp = Operator("aten::amin")
private let amaxOp = Operator("aten::amax")
private let clampMinOp = Operator("aten::clamp_min")
private let clampMaxOp = Operator("aten::clamp_max")
private let roundOp = Operator("aten::round")
private let stackOp = Operator("aten::stack")

/// Starts to gather the tensors of all ranks, concatenated in one flat tensor.
private func gather(_ tensor: Tensor, over group: any ProcessGroup) throws(CollectiveError)
  -> (any Work, Tensor)
{
  let flat = tensor.contiguous().reshape([tensor.count])
  let all = Tensor.empty([group.worldSize * tensor.count], dtype: tensor.dtype)
  return (try group.startAllGather(CollectiveBuffer(flat), into: CollectiveBuffer(all)), all)
}
