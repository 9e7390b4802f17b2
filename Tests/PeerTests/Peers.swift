import Foundation
import ProcessHarness
import Testing

/// The Python environment and the data that `make test-peers` provides.
///
/// Without it these tests are skipped and reported as skipped. `make test-peers` fails instead.
enum Peers {
  static let python = ProcessInfo.processInfo.environment["LOCKSTEP_PEERS_PYTHON"]
  static let areAvailable = python != nil
  static let missing: Comment = "needs PyTorch and Hugging Face: run `make test-peers`"

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  static let model = "\(root)/.data/all-MiniLM-L6-v2"
  static let trainCSV = "\(root)/.data/imdb/train.csv"
  static let testCSV = "\(root)/.data/imdb/test.csv"

  static func program(_ name: String) -> String { "\(root)/Benchmarks/peer/\(name)" }

  /// The torchrun of the Python environment.
  static var torchrun: String {
    (python ?? "").replacingOccurrences(of: "/python", with: "/torchrun", options: .backwards)
  }

  /// Runs a program of Benchmarks/peer until it exits and returns its output.
  static func run(_ name: String, _ arguments: [String]) async throws -> String {
    try await output(try #require(python), [program(name)] + arguments)
  }

  /// Runs a program until it exits and returns its output.
  ///
  /// Requires exit code 0.
  static func output(
    _ command: String, _ arguments: [String], environment: [String: String] = [:],
    within limit: Duration = .seconds(600)
  ) async throws -> String {
    let result = try await ChildProcess.run(
      command, arguments, environment: offline.merging(environment) { $1 }, within: limit)
    try #require(result.code == 0, "\(command) \(arguments): \(result.errors.suffix(3000))")
    return result.output
  }

  /// Keeps Hugging Face's libraries off the network.
  static let offline = ["HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"]

  static func decode<Value: Decodable>(_ type: Value.Type, _ text: some StringProtocol) throws
    -> Value
  {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}
