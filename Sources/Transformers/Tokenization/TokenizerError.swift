/// A tokenizer could not be loaded from or saved to a folder.
public struct TokenizerError: Error, Sendable, CustomStringConvertible {
  /// What went wrong, for programs that react to it.
  public struct Code: Hashable, Sendable {
    private enum Kind { case fileMissing, damagedFile, invalidVocabulary, unsupported, saveFailed }
    private let kind: Kind

    /// No vocabulary was found in the folder, or a file there could not be read.
    public static let fileMissing = Code(kind: .fileMissing)
    /// A file is not what its name says: no JSON, no UTF-8, or a field of the wrong type.
    public static let damagedFile = Code(kind: .damagedFile)
    /// The vocabulary is empty, repeats a token or an id, or lacks a token that BERT needs.
    public static let invalidVocabulary = Code(kind: .invalidVocabulary)
    /// The file describes another kind of tokenizer than BERT's WordPiece.
    public static let unsupported = Code(kind: .unsupported)
    /// A file could not be written; what stood in its place before is intact.
    public static let saveFailed = Code(kind: .saveFailed)
  }

  /// What went wrong.
  public let code: Code

  /// What went wrong and what to do about it, with the path of the file.
  public let message: String

  /// The error underneath, where there is one.
  public let cause: (any Error)?

  init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  /// The message.
  public var description: String { message }
}
