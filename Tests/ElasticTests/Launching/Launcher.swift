import Foundation
import ProcessHarness

/// A `lockstep run` that a test started; workers find its folder in the variable `DIR`.
typealias Launcher = ChildProcess

extension Launcher {
  /// The launcher that was built together with this test.
  static var path: String { product("lockstep") }

  convenience init(
    _ arguments: [String], environment: [String: String] = [:], in folder: TestFolder? = nil
  ) throws {
    try self.init("lockstep", ["run"] + arguments, environment: environment, in: folder)
  }

  /// Runs a launcher to its end.
  static func run(
    _ arguments: String..., environment: [String: String] = [:]
  ) async throws -> Result {
    try await Launcher(arguments, environment: environment).result()
  }

  /// Waits until a worker has written a process id to a file in the folder.
  func pid(_ name: String) async throws -> pid_t {
    try await value {
      self.folder.text(name).flatMap { $0.hasSuffix("\n") ? pid_t($0.dropLast()) : nil }
    }
  }
}

/// Whether there is an interpreter for workers that are Python scripts.
let hasPython = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  .contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }
