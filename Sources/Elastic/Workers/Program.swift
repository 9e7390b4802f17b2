import FoundationEssentials
import Glibc
internal import Support

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
  ///
  /// Bytes that are not valid UTF-8 are shown as U+FFFD here, and reach the system unchanged.
  public var path: String { String(decoding: pathBytes, as: UTF8.self) }

  /// The arguments of the executable, without its own name.
  ///
  /// Bytes that are not valid UTF-8 are shown as U+FFFD here, and reach the program unchanged.
  public var arguments: [String] { argumentBytes.map { String(decoding: $0, as: UTF8.self) } }

  /// The program's name as given, for messages.
  public private(set) var name: String

  /// The path of the executable, without a terminating zero.
  package private(set) var pathBytes: [UInt8]
  private var argumentBytes: [[UInt8]]
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
    pathBytes = Array(name.utf8)
    argumentBytes = []
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
    try self.init(
      command: command.map { Array($0.utf8) }, kind: kind, environment: environment,
      launcherFolder: launcherFolder)
  }

  /// Locates the program that a command names; the command's bytes need not be valid UTF-8.
  package init(
    command: [[UInt8]], kind: Kind, environment: [String: String], launcherFolder: String?
  ) throws(ElasticError) {
    guard let program = command.first, !program.isEmpty else {
      throw ElasticError(.usage, "no program given; name it after the options")
    }
    name = EscapedText.of(bytes: program)
    let isScript =
      kind == .pythonScript
      || (kind == .automatic && program.suffix(3).elementsEqual(".py".utf8))
    guard isScript || kind == .pythonModule else {
      pathBytes = try Self.find(
        executable: program, environment: environment, launcherFolder: launcherFolder)
      argumentBytes = Array(command.dropFirst())
      return
    }

    if isScript { try Self.check(script: program) }
    do throws(ElasticError) {
      pathBytes = try Self.find(
        executable: Array((environment["PYTHON_EXEC"] ?? "python3").utf8),
        environment: environment, launcherFolder: nil)
    } catch {
      throw ElasticError(
        error.code,
        "no Python interpreter for \(name): \(error.message); set PYTHON_EXEC to an interpreter")
    }
    argumentBytes = (["-u"] + (isScript ? [] : ["-m"])).map { Array($0.utf8) } + command
  }

  /// The arguments of one worker, with `${local_rank}` replaced by its local rank as in torchrun.
  package func arguments(localRank: Int) -> [[UInt8]] {
    argumentBytes.map {
      $0.replacing("${local_rank}".utf8, with: String(localRank).utf8)
    }
  }

  /// The running program with its arguments, passed on unchanged.
  package static func current() -> Program { Program(current: ()) }

  private init(current: ()) {
    let path = Self.executablePath
    pathBytes = Array(path.utf8)
    argumentBytes = CommandLine.arguments.dropFirst().map { Array($0.utf8) }
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
    return ([pathBytes] + arguments(localRank: localRank)).map(\.cString)
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
    executable name: [UInt8], environment: [String: String], launcherFolder: String?
  ) throws(ElasticError) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    if name.contains(slash) {
      try check(executable: name)
      return name
    }
    let folders =
      (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").map(String.init)
      + (launcherFolder.map { [$0] } ?? [])
    let paths = folders.map { Array($0.utf8) + [slash] + name }
    if let path = paths.first(where: { isFile($0) && isAccessible($0, X_OK) }) { return path }

    let shown = EscapedText.of(bytes: name)
    if isFile(name) {
      throw ElasticError(
        .programNotFound,
        "\(shown) is in the current folder but not in PATH: write ./\(shown)")
    }
    if let path = paths.first(where: isFile) { try check(executable: path) }
    throw ElasticError(
      .programNotFound,
      "cannot find the program \(shown) in PATH"
        + (launcherFolder.map { " or in the launcher's folder \($0); give its path" } ?? ""))
  }

  private static func check(executable path: [UInt8]) throws(ElasticError) {
    let shown = EscapedText.of(bytes: path)
    guard isAccessible(path, F_OK) else {
      throw ElasticError(.programNotFound, "the program \(shown) does not exist")
    }
    guard isFile(path) else {
      throw ElasticError(
        .programNotExecutable, "\(shown) is not a file; give the path of an executable file")
    }
    guard isAccessible(path, X_OK) else {
      throw ElasticError(
        .programNotExecutable, "\(shown) is not executable; run `chmod +x \(shown)`")
    }
  }

  private static func check(script path: [UInt8]) throws(ElasticError) {
    let shown = EscapedText.of(bytes: path)
    guard isFile(path) else {
      throw ElasticError(.programNotFound, "the script \(shown) does not exist")
    }
    guard isAccessible(path, R_OK) else {
      throw ElasticError(
        .programNotExecutable, "cannot read the script \(shown); check its permissions")
    }
  }

  private static func isFile(_ path: [UInt8]) -> Bool {
    var info = stat()
    return stat(path.cString, &info) == 0 && info.st_mode & S_IFMT != S_IFDIR
  }

  private static func isAccessible(_ path: [UInt8], _ mode: Int32) -> Bool {
    access(path.cString, mode) == 0
  }
}

extension [UInt8] {
  /// The bytes with a terminating zero, for system calls.
  package var cString: [CChar] { map(CChar.init(bitPattern:)) + [0] }
}
