public import DataLoading

/// The settings of a training run that determine its steps.
///
/// A snapshot records them. When another run resumes, it compares them with its own and decides
/// about each difference; see <doc:ResumingWithOtherOptions>. ``Trainer`` creates this value from
/// its options. A handwritten loop passes it to ``Snapshots/resume(_:_:perRank:_:settings:)``.
public struct RunSettings: Codable, Equatable, Sendable {
  /// The length of training.
  public var length: TrainerOptions.Length
  /// The number of batches per optimizer step.
  public var gradientAccumulation: Int
  /// The precision of forward passes.
  public var precision: Precision
  /// The maximum gradient norm; `nil` without clipping.
  public var maxGradientNorm: Double?
  /// The fingerprint of the training data; `nil` to compare only the number of samples.
  ///
  /// A snapshot of other data is refused.
  public var dataKey: String?
  /// Further settings by name, such as a dropout probability.
  ///
  /// The values of this run apply, and differences are reported.
  public var others: [String: String]
  /// The number of samples in a batch of one rank, taken from the loader.
  package var batchSize = 0

  /// Creates settings.
  ///
  /// - Parameters:
  ///   - length: The length of training.
  ///   - gradientAccumulation: The number of batches per optimizer step.
  ///   - precision: The precision of forward passes.
  ///   - maxGradientNorm: The maximum gradient norm; `nil` without clipping.
  ///   - dataKey: The fingerprint of the training data.
  ///   - others: Further settings by name.
  public init(
    _ length: TrainerOptions.Length, gradientAccumulation: Int = 1,
    precision: Precision = .float32, maxGradientNorm: Double? = nil, dataKey: ContentKey? = nil,
    others: [String: String] = [:]
  ) {
    self.length = length
    self.gradientAccumulation = gradientAccumulation
    self.precision = precision
    self.maxGradientNorm = maxGradientNorm
    self.dataKey = dataKey.map { "\($0)" }
    self.others = others
  }
}
