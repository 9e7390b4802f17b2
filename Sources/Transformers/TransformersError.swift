/// An error of module Transformers.
public struct TransformersError: Error, Sendable, CustomStringConvertible {
  /// The kind of an error; more kinds may be added.
  public struct Code: Hashable, Sendable {
    private enum Value {
      case missingFile, invalidFile, unsupported, inputOutput
      case invalidArgument, headMismatch, noFittingWeights
    }
    private let value: Value

    /// A file of the model is missing.
    public static let missingFile = Code(value: .missingFile)
    /// A file is damaged or inconsistent.
    public static let invalidFile = Code(value: .invalidFile)
    /// A file requires a feature that this module does not support.
    public static let unsupported = Code(value: .unsupported)
    /// A file could not be written; an existing file is unchanged.
    public static let inputOutput = Code(value: .inputOutput)
    /// An argument is invalid.
    public static let invalidArgument = Code(value: .invalidArgument)
    /// A folder contains a classifier for another number of classes.
    public static let headMismatch = Code(value: .headMismatch)
    /// No weight of a folder belongs to the model's encoder.
    public static let noFittingWeights = Code(value: .noFittingWeights)
  }

  /// The kind of the error.
  public let code: Code
  /// What happened and what to do about it.
  public let message: String
  /// The underlying error, if any.
  public let cause: (any Error)?

  /// Creates an error.
  public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message.
  public var description: String { message }
}
