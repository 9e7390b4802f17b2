// The choices among which operators let their callers decide. The raw values are PyTorch's.

/// How a loss combines the losses of the elements.
public enum LossReduction: Int, Sendable {
  /// Not at all: the result has an element for each loss.
  case none = 0
  /// By their mean, weighted where the loss has weights.
  case mean = 1
  /// By their sum.
  case sum = 2
}

/// How a division rounds its result.
public enum RoundingMode: String, Sendable {
  /// Towards zero.
  case trunc
  /// Towards negative infinity.
  case floor
}

/// The value of a quantile that lies between two elements.
public enum QuantileInterpolation: String, Sendable {
  /// On the line between both.
  case linear
  /// The lower one.
  case lower
  /// The higher one.
  case higher
  /// The nearer one.
  case nearest
  /// The mean of both.
  case midpoint
}

/// The elements with which a tensor is padded.
public enum PaddingMode: String, Sendable {
  /// A constant.
  case constant
  /// The elements mirrored at the edge, without the edge.
  case reflect
  /// The element at the edge.
  case replicate
  /// The elements of the opposite end.
  case circular
}

/// The padding of a convolution.
public enum ConvolutionPadding: String, Sendable {
  /// No padding.
  case valid
  /// As much as keeps the size, for a stride of 1.
  case same
}

/// How ``Tensor/indexReduce(dim:index:source:reduce:includeSelf:)`` combines elements of the same
/// index.
public enum IndexReduction: String, Sendable {
  /// By their product.
  case prod
  /// By their mean.
  case mean
  /// By their maximum.
  case amax
  /// By their minimum.
  case amin
}

/// How ``Tensor/scatterReduce(dim:index:src:reduce:includeSelf:)`` combines elements of the same
/// index.
public enum ScatterReduction: String, Sendable {
  /// By their sum.
  case sum
  /// By their product.
  case prod
  /// By their mean.
  case mean
  /// By their maximum.
  case amax
  /// By their minimum.
  case amin
}

/// How the elements of a segment are combined.
public enum SegmentReduction: String, Sendable {
  /// By their sum.
  case sum
  /// By their product.
  case prod
  /// By their mean.
  case mean
  /// By their maximum.
  case max
  /// By their minimum.
  case min
}

/// The half of a symmetric matrix that an operator reads.
public enum Triangle: String, Sendable {
  /// The half below the diagonal.
  case lower = "L"
  /// The half above the diagonal.
  case upper = "U"
}

/// The scale of a Fourier transform and its inverse.
public enum FourierNormalization: String, Sendable {
  /// The forward transform divides by the number of samples.
  case forward
  /// The inverse transform divides by the number of samples: the default.
  case backward
  /// Both divide by its square root.
  case ortho
}

/// The order of the dimensions of a grid.
public enum GridIndexing: String, Sendable {
  /// Rows first, as in matrices.
  case ij
  /// Columns first, as in plots.
  case xy
}

/// The parts of a QR decomposition.
public enum QRMode: String, Sendable {
  /// As many columns of Q as the matrix has rows or columns, whichever are fewer.
  case reduced
  /// A square Q.
  case complete
  /// R alone; Q is empty.
  case r
}

/// A norm of matrices that is not a number.
public enum MatrixNorm: String, Sendable {
  /// The Frobenius norm.
  case fro
  /// The nuclear norm, the sum of the singular values.
  case nuc
}

/// How the rows of a bag are combined.
public enum EmbeddingBagMode: Int, Sendable {
  /// By their sum.
  case sum = 0
  /// By their mean.
  case mean = 1
  /// By their maximum.
  case max = 2
}

/// The value between the elements of a sampled input.
public enum GridInterpolation: Int, Sendable {
  /// On the plane between its neighbours.
  case bilinear = 0
  /// That of the nearest element.
  case nearest = 1
  /// On a cubic surface.
  case bicubic = 2
}

/// The value outside of a sampled input.
public enum GridPadding: Int, Sendable {
  /// Zero.
  case zeros = 0
  /// That of the nearest element.
  case border = 1
  /// The elements mirrored at the edge.
  case reflection = 2
}

/// The method by which ``Tensor/gelu(approximate:)`` computes the normal distribution function.
public enum GELUApproximation: String, Sendable {
  /// By the error function.
  case exact = "none"
  /// By a hyperbolic tangent.
  case tanh
}
