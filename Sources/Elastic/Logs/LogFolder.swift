import FoundationEssentials
import Glibc

/// The log folder of a run, with torchrun's layout.
///
/// ```
/// <base>/<run id>_<random>/attempt_<restarts>/<local rank>/{stdout.log,stderr.log,error.json}
/// <base>/<run id>_<random>/attempt_<restarts>/{filtered_stdout.log,filtered_stderr.log}
/// ```
/// A start without a preceding failure, because nodes joined or left, does not count as a restart.
/// Its folder is `attempt_<restarts>_generation_<1, 2, …>`, so that no earlier log is overwritten.
package struct LogFolder {
  package let path: String
  let isTemporary: Bool

  /// Creates a new folder for a run.
  ///
  /// - Parameters:
  ///   - base: The parent folder, created if it does not exist; `nil` for the system's temporary
  ///     folder.
  ///   - runID: The job id, which becomes part of the folder's name.
  ///   - isTemporary: Whether ``remove()`` deletes the folder.
  /// - Throws: ``ElasticError`` if the folder cannot be created.
  package init(base: String?, runID: String, isTemporary: Bool) throws(ElasticError) {
    let base = base ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let name = runID.map { $0 == "/" || $0 == "\0" ? "_" : $0 }
    try Self.create(base)
    let prefix = isTemporary ? "lockstep_" : ""
    var template = Array("\(base)/\(prefix)\(String(name))_XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ElasticError(
        .system,
        "cannot create a folder in \(base): \(systemMessage(errno)); "
          + "choose a writable folder with --log-dir")
    }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.path = path
    self.isTemporary = isTemporary
  }

  /// Creates the folder for a configuration; it is temporary if the configuration writes no logs.
  init(_ configuration: LaunchConfiguration) throws(ElasticError) {
    let hasLogs =
      !configuration.redirects.isEmpty || !configuration.tee.isEmpty
      || !configuration.outputFilters.isEmpty || !configuration.errorFilters.isEmpty
    try self.init(
      base: configuration.logFolder, runID: configuration.rendezvous.id,
      isTemporary: configuration.logFolder == nil && !hasLogs)
  }

  /// Creates a new folder for the workers that start after `attempt` restarts.
  package func create(attempt: Int) throws(ElasticError) -> String {
    let first = "\(path)/attempt_\(attempt)"
    var folder = first
    var generation = 0
    while mkdir(folder, 0o777) != 0 {
      guard errno == EEXIST, generation < 1_000_000 else { throw Self.creationError(folder) }
      generation += 1
      folder = "\(first)_generation_\(generation)"
    }
    return folder
  }

  /// Creates the folder of one worker in the folder of its attempt.
  static func create(attemptFolder: String, localRank: Int) throws(ElasticError) -> String {
    let folder = "\(attemptFolder)/\(localRank)"
    guard mkdir(folder, 0o777) == 0 else { throw creationError(folder) }
    return folder
  }

  /// Deletes the folder if it is temporary.
  func remove() {
    if isTemporary { try? FileManager.default.removeItem(atPath: path) }
  }

  private static func create(_ path: String) throws(ElasticError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw creationError(path)
    }
  }

  private static func creationError(_ path: String) -> ElasticError {
    ElasticError(
      .system,
      "cannot create the log folder \(path): \(systemMessage(errno)); "
        + "choose a writable folder with --log-dir")
  }
}
