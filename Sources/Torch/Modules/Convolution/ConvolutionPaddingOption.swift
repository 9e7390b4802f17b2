/// How far a convolution pads its input: a width, a width for each dimension, `.same` or `.valid`.
///
/// `Int` and `[Int]` are padding options.
public protocol ConvolutionPaddingOption: Sendable {
  /// The widths on both sides, or the rule from which they follow.
  var convolutionPadding: ConvolutionPaddingWidths { get }
}

/// The widths by which a convolution pads both sides of each dimension, or the rule for them.
public enum ConvolutionPaddingWidths: Sendable {
  /// Widths; a single one holds for all dimensions.
  case widths([Int])
  /// The rule from which the widths follow.
  case rule(ConvolutionPadding)
}

extension Int: ConvolutionPaddingOption {
  /// The same width for all dimensions.
  public var convolutionPadding: ConvolutionPaddingWidths { .widths([self]) }
}

extension Array: ConvolutionPaddingOption where Element == Int {
  /// A width for each dimension.
  public var convolutionPadding: ConvolutionPaddingWidths { .widths(self) }
}

extension ConvolutionPaddingWidths: ConvolutionPaddingOption {
  /// The widths themselves.
  public var convolutionPadding: ConvolutionPaddingWidths { self }
}

extension ConvolutionPaddingOption where Self == ConvolutionPaddingWidths {
  /// As much padding as keeps the size; the stride has to be 1.
  public static var same: ConvolutionPaddingWidths { .rule(.same) }

  /// No padding.
  public static var valid: ConvolutionPaddingWidths { .rule(.valid) }
}

/// What a convolution puts around its input.
public enum ConvolutionPaddingMode: String, Sendable {
  /// Zeros.
  case zeros
  /// The elements mirrored at the edge, without the edge.
  case reflect
  /// The element at the edge.
  case replicate
  /// The elements of the opposite end.
  case circular
}
