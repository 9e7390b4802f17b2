internal import FoundationEssentials
package import Support
internal import Worker

/// The error file of the launcher itself, in the variable `TORCHELASTIC_ERROR_FILE` of its own
/// environment.
///
/// Schedulers such as TorchX set it and read from it why a job failed. As torchrun does, the
/// launcher copies the root cause's error file there and adds the exit code.
package enum LauncherErrorFile {
  /// Writes the root cause of a failed job; does nothing if the variable is not set.
  package static func write(_ cause: WorkerFailure) {
    write(cause.errorFileContent(addingExitCode: true))
  }

  /// Writes the reason why a job could not be launched or continued.
  package static func write(_ error: ElasticError) {
    write(ErrorRecord(message: error.message, errorCode: error.exitCode))
  }

  static func write(_ record: ErrorRecord) {
    write(WorkerFailure.decoded(record.json))
  }

  private static func write(_ value: JSONValue) {
    guard let path = WorkerVariable.errorFile.value else { return }
    do {
      let data = Data(WorkerFailure.text(of: value).utf8)
      try AtomicFile.write(path: path) { file throws(SystemError) in try file.append(data) }
    } catch {
      Log.warning(
        "cannot write the launcher's error file \(EscapedText.of(path)) "
          + "(\(WorkerVariable.errorFile.rawValue)): \(error)")
    }
  }
}

extension WorkerFailure {
  /// The text of the worker's error file or, without one, of a file that describes its exit.
  package var errorFileText: String { Self.text(of: errorFileContent(addingExitCode: false)) }

  /// The content of the worker's error file with all its fields.
  ///
  /// - Parameter addingExitCode: Whether to add the exit code as `errorCode`, unless the file's
  ///   message has another form than torchelastic's.
  /// - Returns: The file's JSON object.
  package func errorFileContent(addingExitCode: Bool) -> JSONValue {
    var file = Self.decoded(ownFile ?? describedExit.json)
    if addingExitCode, case .object(var fields) = file,
      case .object(var message)? = fields["message"]
    {
      message["errorCode"] = .integer(Int64(exit.returnCode))
      fields["message"] = .object(message)
      file = .object(fields)
    }
    return file
  }

  /// The bytes of the error file if they are a JSON object; those of ``record`` if they are not.
  private var ownFile: [UInt8]? {
    if let data = FileManager.default.contents(atPath: errorFile), data.count < 4 << 20,
      case .object? = try? JSONDecoder().decode(JSONValue.self, from: data)
    {
      return [UInt8](data)
    }
    return record?.json
  }

  private var describedExit: ErrorRecord {
    let seconds = time / .seconds(1)
    return ErrorRecord(
      message: "rank \(rank) (process \(pid)) ended with \(exit)",
      callStack: lastLines.isEmpty ? nil : lastLines.joined(separator: "\n"),
      time: Date(timeIntervalSince1970: seconds))
  }

  static func decoded(_ json: [UInt8]) -> JSONValue {
    (try? JSONDecoder().decode(JSONValue.self, from: Data(json))) ?? .object([:])
  }

  static func text(of value: JSONValue) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}

extension WorkerExit {
  /// The exit code as Python's `subprocess` has it: the process's own, or the negative signal.
  package var returnCode: Int32 {
    switch self {
    case .code(let code): code
    case .signal(let signal): -signal.number
    }
  }
}
