/// What went wrong in module Torch.
public struct TorchError: Error, Sendable, CustomStringConvertible {
  /// The kind of an error; more kinds may be added.
  public struct Code: Hashable, Sendable {
    private enum Value {
      case operatorFailed, invalidArgument, invalidFile, inputOutput, mismatch, notFinite
    }
    private var value: Value

    /// An operator of libtorch refused its arguments or failed.
    public static let operatorFailed = Code(value: .operatorFailed)
    /// A value given by the caller makes no sense; the message says which would.
    public static let invalidArgument = Code(value: .invalidArgument)
    /// A file is damaged or is not what it is said to be.
    public static let invalidFile = Code(value: .invalidFile)
    /// The operating system refused to read or write a file.
    public static let inputOutput = Code(value: .inputOutput)
    /// Names or shapes of saved tensors are not those of the module.
    public static let mismatch = Code(value: .mismatch)
    /// A number that training depends on is infinite or no number.
    public static let notFinite = Code(value: .notFinite)
  }

  /// The kind of the error.
  public var code: Code

  /// What happened and what to do about it.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
