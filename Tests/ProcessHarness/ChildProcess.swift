public import Foundation

/// A program that a test has started.
///
/// Its output goes to files, so that no test has to read it to keep it running.
public final class ChildProcess {
  /// How a program ended, and what it wrote.
  public struct Result {
    /// The exit code, or 128 + the signal that ended it.
    public var code: Int32
    /// What it wrote to standard output.
    public var output: String
    /// What it wrote to standard error.
    public var errors: String
  }

  /// Where the program's output is, and a place for what the test itself needs.
  public let folder: TestFolder
  private let process = Process()

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: Its path, or the name of a product that was built together with this test.
  ///   - arguments: Its arguments.
  ///   - environment: Variables beside the test's own; those of launchers are taken out of these.
  ///     `DIR` names ``folder``.
  ///   - folder: A folder to use instead of a new one.
  /// - Throws: An error of Foundation's when the program cannot be started.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    in folder: TestFolder? = nil
  ) throws {
    self.folder = try folder ?? TestFolder()
    process.executableURL = URL(
      fileURLWithPath: program.contains("/") ? program : ChildProcess.product(program))
    process.arguments = arguments
    var inherited = ProcessInfo.processInfo.environment.filter { name, _ in
      !["PET_", "TORCH", "RANK", "WORLD_SIZE", "MASTER_"].contains { name.hasPrefix($0) }
    }
    inherited["OMP_NUM_THREADS"] = "1"
    inherited["DIR"] = self.folder.path
    process.environment = inherited.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: self.folder.create("child.out"))
    process.standardError = try FileHandle(forWritingTo: self.folder.create("child.err"))
    try process.run()
  }

  /// Starts a product that was built together with this test, in its ``folder``.
  public static func inOwnFolder(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> ChildProcess {
    try ChildProcess(
      "/bin/sh", ["-c", "cd \"$DIR\" && exec \"$0\" \"$@\"", product(program)] + arguments,
      environment: environment)
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  /// The path of a product that was built together with this test.
  public static func product(_ name: String) -> String {
    let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: tests ?? "").deletingLastPathComponent()
      .appendingPathComponent(name).path
  }

  /// Runs a program to its end.
  public static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    within limit: Duration = .seconds(120)
  ) async throws -> Result {
    try await ChildProcess(program, arguments, environment: environment).result(within: limit)
  }

  /// What it has written to standard output so far.
  public var output: String { folder.text("child.out") ?? "" }

  /// What it has written to standard error so far.
  public var errors: String { folder.text("child.err") ?? "" }

  /// The number under which the system knows it.
  public var processIdentifier: pid_t { process.processIdentifier }

  /// Waits until it has ended.
  public func result(within limit: Duration = .seconds(120)) async throws -> Result {
    try await value(within: limit) { self.process.isRunning ? nil : () }
    let signal: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
    return Result(
      code: signal + process.terminationStatus, output: output, errors: errors)
  }

  /// The processes that it has started, by the name of their program (at most 15 bytes of it).
  public func children(named name: String) -> [pid_t] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { pid_t($0) }.filter { pid in
      guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else {
        return false
      }
      let stat = String(decoding: data, as: UTF8.self)
      let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
      return stat.contains("(\(name.prefix(15)))") && fields.count > 1
        && fields[1] == "\(processIdentifier)"
    }
  }

  /// Whether it has not ended yet.
  public var isRunning: Bool { process.isRunning }

  /// Sends it a signal.
  public func send(_ signal: Int32) { kill(process.processIdentifier, signal) }
}

/// Thrown when a condition that a test waits for is still false after the time limit.
public struct NeverHappened: Error {
  /// Creates the error.
  public init() {}
}

/// Waits until an expression has a value; gives up after a while.
public func value<Value>(
  within limit: Duration = .seconds(20), _ expression: () throws -> Value?
) async throws -> Value {
  let end = ContinuousClock.now + limit
  while true {
    if let value = try expression() { return value }
    if ContinuousClock.now > end { throw NeverHappened() }
    try await Task.sleep(for: .milliseconds(5))
  }
}

/// Runs a body on a thread of its own, which nothing else in the test process can hold up.
public func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws
  -> Value
{
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Result(catching: body)) }.start()
  }
}

/// Whether a process runs; one that ended but was not collected by its parent does not.
public func isAlive(_ pid: pid_t) -> Bool {
  guard let text = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
  let stat = String(decoding: text, as: UTF8.self)
  return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
}
