public import Foundation

/// A folder that is gone with the test.
public final class TestFolder {
  /// Its path.
  public let path = FileManager.default.temporaryDirectory.path + "/lockstep-\(UUID().uuidString)"

  /// Makes the folder.
  public init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of something in it.
  public func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Creates a file, and the folders on its way.
  @discardableResult
  public func create(_ name: String, _ text: String = "") throws -> URL {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url
  }

  /// The bytes of a file, or `nil` while there is none.
  public func data(_ name: String) -> Data? { FileManager.default.contents(atPath: file(name)) }

  /// The text of a file, or `nil` while there is none.
  public func text(_ name: String) -> String? {
    data(name).map { String(decoding: $0, as: UTF8.self) }
  }
}
