import FoundationEssentials
import Glibc

/// The program that every worker runs, found and checked before anything is started.
public struct Program: Sendable, Hashable {
  /// How the words after the options of `lockstep run` are to be understood.
  public enum Kind: Sendable, Hashable {
    /// A name that ends in `.py` is a Python script, any other an executable.
    case automatic
    /// An executable, whatever its name.
    case executable
    /// A Python script, whatever its name.
    case pythonScript
    /// A Python module, as after `python -m`.
    case pythonModule
  }

  /// The executable's path: the program itself, or the Python interpreter.
  public var path: String

  /// Its arguments, without the program's own name.
  public var arguments: [String]

  /// The words as given, for messages.
  public var name: String

  private var isCurrent = false

  /// Why it cannot be run, if that is known already.
  private(set) var fault: ElasticError?

  /// A program that cannot be run here: the node takes part in its job, to end it everywhere.
  ///
  /// - Parameters:
  ///   - command: The program's name and its arguments.
  ///   - fault: Why it cannot be run.
  public init(unusable command: [String], because fault: ElasticError) {
    name = command.first ?? ""
    path = name
    arguments = []
    self.fault = fault
  }

  /// Finds the program that a command names.
  ///
  /// An executable without a slash is looked up in `PATH`, then in `ownFolder`. Python code is run
  /// by `$PYTHON_EXEC`, or `python3` from `PATH`, without output buffering.
  ///
  /// - Parameters:
  ///   - command: The program's name and its arguments.
  ///   - kind: What the program's name is.
  ///   - environment: Where `PATH` and `PYTHON_EXEC` are taken from.
  ///   - ownFolder: The folder of the launcher's own executable.
  /// - Throws: ``ElasticError`` that says where the program was looked for, and what to change.
  public init(
    command: [String], kind: Kind, environment: [String: String], ownFolder: String?
  ) throws(ElasticError) {
    guard let name = command.first, !name.isEmpty else {
      throw ElasticError(.usage, "no program to run; give it after the options")
    }
    let isScript = kind == .pythonScript || (kind == .automatic && name.hasSuffix(".py"))
    self.name = name
    guard isScript || kind == .pythonModule else {
      path = try Self.find(executable: name, environment: environment, ownFolder: ownFolder)
      arguments = Array(command.dropFirst())
      return
    }

    if isScript { try Self.check(script: name) }
    do throws(ElasticError) {
      path = try Self.find(
        executable: environment["PYTHON_EXEC"] ?? "python3", environment: environment,
        ownFolder: nil)
    } catch {
      throw ElasticError(
        error.code, "no Python to run \(name) with: \(error.message); PYTHON_EXEC may name one")
    }
    arguments = ["-u"] + (isScript ? [] : ["-m"]) + command
  }

  /// The arguments of one worker: `${local_rank}` is replaced by its local rank, as torchrun does.
  package func arguments(localRank: Int) -> [String] {
    arguments.map { $0.replacing("${local_rank}", with: String(localRank)) }
  }

  /// The running program itself, which gets the same arguments again, byte by byte.
  package static func current() -> Program { Program(current: ()) }

  private init(current: ()) {
    path = Self.ownPath
    arguments = Array(CommandLine.arguments.dropFirst())
    name = CommandLine.arguments.first ?? path
    isCurrent = true
  }

  /// What `execve` takes as the arguments of one worker, the program's name among them.
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

  /// The path of the running program; the kernel's link to it where there is another file, or none.
  private static var ownPath: String {
    let link = "/proc/self/exe"
    var (running, found) = (stat(), stat())
    guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
      stat(link, &running) == 0, stat(path, &found) == 0,
      running.st_dev == found.st_dev, running.st_ino == found.st_ino
    else { return link }
    return path
  }

  private static func find(
    executable name: String, environment: [String: String], ownFolder: String?
  ) throws(ElasticError) -> String {
    if name.contains("/") {
      try check(executable: name)
      return name
    }
    let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    let places = folders.map { "\($0)/\(name)" } + (ownFolder.map { ["\($0)/\(name)"] } ?? [])
    if let place = places.first(where: { isFile($0) && access($0, X_OK) == 0 }) { return place }

    if isFile(name) {
      throw ElasticError(
        .programNotFound,
        "\(name) is not in PATH, but there is one in the current folder: write ./\(name)")
    }
    if let place = places.first(where: isFile) { try check(executable: place) }
    throw ElasticError(
      .programNotFound,
      "there is no program \(name) in PATH"
        + (ownFolder.map { " or beside the launcher in \($0)" } ?? ""))
  }

  private static func check(executable path: String) throws(ElasticError) {
    guard access(path, F_OK) == 0 else {
      throw ElasticError(.programNotFound, "there is no program \(path)")
    }
    guard isFile(path) else {
      throw ElasticError(.programNotExecutable, "\(path) is not a file, so it cannot be run")
    }
    guard access(path, X_OK) == 0 else {
      throw ElasticError(
        .programNotExecutable, "\(path) is not executable; chmod +x \(path) makes it so")
    }
  }

  private static func check(script path: String) throws(ElasticError) {
    guard isFile(path) else {
      throw ElasticError(.programNotFound, "there is no script \(path)")
    }
    guard access(path, R_OK) == 0 else {
      throw ElasticError(.programNotExecutable, "the script \(path) may not be read")
    }
  }

  private static func isFile(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder
  }
}
