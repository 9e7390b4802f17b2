internal import Support

/// Pooling to a given size, whatever that of the input: the base class of ``AdaptiveAvgPool2d``,
/// ``AdaptiveMaxPool2d`` and the like over one and three dimensions.
public class AdaptivePooling: Module {
  private let dimensions: Int
  private let outputSize: any OptionalIntegerList
  private let kind: Kind

  enum Kind { case avg, max }

  init(
    _ dimensions: Int, _ kind: Kind, _ outputSize: any OptionalIntegerList, file: StaticString,
    line: UInt
  ) {
    let sizes = outputSize.optionalIntegers
    require(
      sizes.count == 1 || sizes.count == dimensions,
      "outputSize has \(sizes.count) sizes; use 1 or \(dimensions)", file: file, line: line)
    require(
      sizes.allSatisfy { $0 ?? 0 >= 0 }, "outputSize is \(pythonText(outputSize)); use 0 or more",
      file: file, line: line)
    self.dimensions = dimensions
    self.kind = kind
    self.outputSize = outputSize
  }

  /// Maps `[batch, channels, …]` to `[batch, channels] + outputSize`; the batch may be absent.
  public func forward(_ input: Tensor) -> Tensor {
    guard kind == .avg else { return maxima(of: input).output }
    let size = size(for: input)
    return switch dimensions {
    case 1: input.adaptiveAvgPool1d(size)
    case 2: input.adaptiveAvgPool2d(size)
    default: input.adaptiveAvgPool3d(size)
    }
  }

  fileprivate func maxima(of input: Tensor) -> (output: Tensor, indices: Tensor) {
    let size = size(for: input)
    return switch dimensions {
    case 1: input.adaptiveMaxPool1d(size)
    case 2: input.adaptiveMaxPool2d(size)
    default: input.adaptiveMaxPool3d(size)
    }
  }

  /// The size of the output: where none was given, that of the input.
  private func size(for input: Tensor) -> [Int] {
    let given = outputSize.optionalIntegers
    let sizes = given.count == dimensions ? given : Array(repeating: given[0], count: dimensions)
    let shape = input.isDefined ? Array(input.shape.suffix(dimensions)) : []
    return sizes.enumerated().map { index, size in
      size ?? (shape.count == dimensions ? shape[index] : 0)
    }
  }

  /// The size, as PyTorch prints it.
  public var extraRepr: String { "output_size=\(pythonText(outputSize))" }
}

/// Adaptive max pooling: the base class of ``AdaptiveMaxPool1d``, ``AdaptiveMaxPool2d`` and
/// ``AdaptiveMaxPool3d``.
public class AdaptiveMaxPooling: AdaptivePooling {
  /// Returns the maxima and their int64 indices in the flattened input of each channel.
  ///
  /// Like PyTorch's argument `return_indices`.
  public func withIndices(_ input: Tensor) -> (output: Tensor, indices: Tensor) {
    tracked { maxima(of: input) }
  }
}
