/// An error of the module `Torch`.
public struct TorchError: Error, Sendable, CustomStringConvertible {
  /// The kind of an error.
  ///
  /// More kinds may be added.
  public struct Code: Hashable, Sendable {
    private enum Value {
      case operatorFailed, invalidArgument, invalidFile, inputOutput, mismatch, notFinite
    }
    private var value: Value

    /// An operator of libtorch rejected its arguments or failed.
    public static let operatorFailed = Code(value: .operatorFailed)
    /// An argument is invalid.
    ///
    /// The message describes valid values.
    public static let invalidArgument = Code(value: .invalidArgument)
    /// A file is damaged or has another format.
    public static let invalidFile = Code(value: .invalidFile)
    /// The operating system failed to read or write a file.
    public static let inputOutput = Code(value: .inputOutput)
    /// The names or shapes of saved tensors differ from those of the module.
    public static let mismatch = Code(value: .mismatch)
    /// A value that training depends on is infinite or NaN.
    public static let notFinite = Code(value: .notFinite)
  }

  /// The kind of the error.
  public var code: Code

  /// What happened, and what to do about it.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
