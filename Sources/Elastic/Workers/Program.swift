import FoundationEssentials
import Glibc

/// The program that every worker runs, located and checked before any worker starts.
public struct Program: Sendable, Hashable {
  /// How to run the program that is named on the command line of `lockstep run`.
  public enum Kind: Sendable, Hashable {
    /// A Python script if the name ends in `.py`, otherwise an executable.
    case automatic
    /// An executable, whatever its name.
    case executable
    /// A Python script, whatever its name.
    case pythonScript
    /// A Python module, run as by `python -m`.
    case pythonModule
  }

  /// The path of the executable: the program itself, or the Python interpreter.
  public var path: String

  /// The arguments of the executable, without its own name.
  public var arguments: [String]

  /// The program's name as given, for messages.
  public var name: String

  private var isCurrent = false

  /// The reason why the program cannot run on this node, if there is one.
  private(set) var error: ElasticError?

  /// Creates a program that cannot run on this node.
  ///
  /// A node with such a program still joins its job, so that the error ends the job on all nodes.
  ///
  /// - Parameters:
  ///   - command: The program's name and its arguments.
  ///   - error: The reason why the program cannot run.
  public init(unavailable command: [String], error: ElasticError) {
    name = command.first ?? ""
    path = name
    arguments = []
    self.error = error
  }

  /// Locates the program that a command names.
  ///
  /// An executable whose name has no slash is searched for in `PATH`, then in `launcherFolder`.
  /// Python code is run by `$PYTHON_EXEC`, or by `python3` from `PATH`, without output buffering.
  ///
  /// - Parameters:
  ///   - command: The program's name and its arguments.
  ///   - kind: How to run the program.
  ///   - environment: The environment that provides `PATH` and `PYTHON_EXEC`.
  ///   - launcherFolder: The folder of the launcher's executable.
  /// - Throws: ``ElasticError`` that names the searched locations and the remedy.
  public init(
    command: [String], kind: Kind, environment: [String: String], launcherFolder: String?
  ) throws(ElasticError) {
    guard let name = command.first, !name.isEmpty else {
      throw ElasticError(.usage, "no program given; name it after the options")
    }
    let isScript = kind == .pythonScript || (kind == .automatic && name.hasSuffix(".py"))
    self.name = name
    guard isScript || kind == .pythonModule else {
      path = try Self.find(
        executable: name, environment: environment, launcherFolder: launcherFolder)
      arguments = Array(command.dropFirst())
      return
    }

    if isScript { try Self.check(script: name) }
    do throws(ElasticError) {
      path = try Self.find(
        executable: environment["PYTHON_EXEC"] ?? "python3", environment: environment,
        launcherFolder: nil)
    } catch {
      throw ElasticError(
        error.code,
        "no Python interpreter for \(name): \(error.message); set PYTHON_EXEC to an interpreter")
    }
    arguments = ["-u"] + (isScript ? [] : ["-m"]) + command
  }

  /// The arguments of one worker, with `${local_rank}` replaced by its local rank as in torchrun.
  package func arguments(localRank: Int) -> [String] {
    arguments.map { $0.replacing("${local_rank}", with: String(localRank)) }
  }

  /// The running program with its arguments, passed on unchanged.
  package static func current() -> Program { Program(current: ()) }

  private init(current: ()) {
    path = Self.executablePath
    arguments = Array(CommandLine.arguments.dropFirst())
    name = CommandLine.arguments.first ?? path
    isCurrent = true
  }

  /// The `argv` of one worker, which starts with the program's name.
  func commandLine(localRank: Int) -> [[CChar]] {
    if isCurrent {
      return (0..<Int(CommandLine.argc)).compactMap { index in
        CommandLine.unsafeArgv[index].map {
          Array(UnsafeBufferPointer(start: $0, count: strlen($0) + 1))
        }
      }
    }
    return ([path] + arguments(localRank: localRank)).map { Array($0.utf8CString) }
  }

  /// The path of the running program, or `/proc/self/exe` if its file was replaced or deleted.
  private static var executablePath: String {
    let link = "/proc/self/exe"
    var running = stat()
    var found = stat()
    guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
      stat(link, &running) == 0, stat(path, &found) == 0,
      running.st_dev == found.st_dev, running.st_ino == found.st_ino
    else { return link }
    return path
  }

  private static func find(
    executable name: String, environment: [String: String], launcherFolder: String?
  ) throws(ElasticError) -> String {
    if name.contains("/") {
      try check(executable: name)
      return name
    }
    let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    let paths = folders.map { "\($0)/\(name)" } + (launcherFolder.map { ["\($0)/\(name)"] } ?? [])
    if let path = paths.first(where: { isFile($0) && access($0, X_OK) == 0 }) { return path }

    if isFile(name) {
      throw ElasticError(
        .programNotFound,
        "\(name) is in the current folder but not in PATH: write ./\(name)")
    }
    if let path = paths.first(where: isFile) { try check(executable: path) }
    throw ElasticError(
      .programNotFound,
      "cannot find the program \(name) in PATH"
        + (launcherFolder.map { " or in the launcher's folder \($0); give its path" } ?? ""))
  }

  private static func check(executable path: String) throws(ElasticError) {
    guard access(path, F_OK) == 0 else {
      throw ElasticError(.programNotFound, "the program \(path) does not exist")
    }
    guard isFile(path) else {
      throw ElasticError(
        .programNotExecutable, "\(path) is not a file; give the path of an executable file")
    }
    guard access(path, X_OK) == 0 else {
      throw ElasticError(
        .programNotExecutable, "\(path) is not executable; run `chmod +x \(path)`")
    }
  }

  private static func check(script path: String) throws(ElasticError) {
    guard isFile(path) else {
      throw ElasticError(.programNotFound, "the script \(path) does not exist")
    }
    guard access(path, R_OK) == 0 else {
      throw ElasticError(
        .programNotExecutable, "cannot read the script \(path); check its permissions")
    }
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
  }
}
