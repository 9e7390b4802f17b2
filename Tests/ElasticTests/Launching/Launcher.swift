import Foundation
import ProcessHarness

/// A `lockstep run` process; the variable `DIR` contains its folder.
typealias Launcher = ChildProcess

extension Launcher {
  /// The path of the launcher that was built with this test.
  static var path: String { product("lockstep") }

  convenience init(
    _ arguments: [String], environment: [String: String] = [:], in folder: TestFolder? = nil
  ) throws {
    try self.init("lockstep", ["run"] + arguments, environment: environment, in: folder)
  }

  /// Runs a launcher until it exits.
  static func run(
    _ arguments: String..., environment: [String: String] = [:]
  ) async throws -> Result {
    try await Launcher(arguments, environment: environment).result()
  }

  /// Waits until a worker writes a process id to a file in the folder.
  func pid(_ name: String) async throws -> pid_t {
    try await value {
      self.folder.text(name).flatMap { $0.hasSuffix("\n") ? pid_t($0.dropLast()) : nil }
    }
  }
}

/// Whether `python3` is in `PATH`.
let hasPython = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  .contains { FileManager.default.isExecutableFile(atPath: "\($0)/python3") }
