import FoundationEssentials
import Glibc

/// The folder of one run, laid out as torchrun's.
///
/// ```
/// <base>/<run id>_<random>/attempt_<restarts>/<local rank>/{stdout.log,stderr.log,error.json}
/// ```
struct LogFolder {
  let path: String
  let isTemporary: Bool

  /// Creates a new folder for a run.
  ///
  /// - Parameters:
  ///   - base: The folder to create it in, created too if need be; `nil` takes the system's folder
  ///     for temporary files.
  ///   - runID: The job's name, which becomes part of the folder's.
  ///   - isTemporary: Whether ``remove()`` should delete it.
  /// - Throws: ``ElasticError`` if the folder cannot be created.
  init(base: String?, runID: String, isTemporary: Bool) throws(ElasticError) {
    let base = base ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let name = runID.map { $0 == "/" || $0 == "\0" ? "_" : $0 }
    try Self.create(base)
    let prefix = isTemporary ? "lockstep_" : ""
    var template = Array("\(base)/\(prefix)\(String(name))_XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ElasticError(.system, "cannot create a folder in \(base): \(systemMessage(errno))")
    }
    let path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    self.path = path
    self.isTemporary = isTemporary
  }

  /// Creates the folder of a configuration's run: a temporary one if it wants no logs.
  init(_ configuration: LaunchConfiguration) throws(ElasticError) {
    let hasLogs = !configuration.redirects.isEmpty || !configuration.tee.isEmpty
    try self.init(
      base: configuration.logFolder, runID: configuration.rendezvous.id,
      isTemporary: configuration.logFolder == nil && !hasLogs)
  }

  /// Creates and returns the folder of one worker in one attempt.
  func create(attempt: Int, localRank: Int) throws(ElasticError) -> String {
    let folder = "\(path)/attempt_\(attempt)/\(localRank)"
    try Self.create(folder)
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
      throw ElasticError(
        .system,
        "cannot create the log folder \(path): \(systemMessage(errno)); "
          + "--log-dir must name a folder that can be written")
    }
  }
}
