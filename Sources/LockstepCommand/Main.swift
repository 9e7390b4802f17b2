import ArgumentParser
import Elastic
import Glibc
import Support

/// The entry point: prepares the arguments, runs the command and ends the process.
@main
enum Main {
  static func main() {
    do {
      var command = try LockstepTool.parseAsRoot(prepared(ArgumentText.ofProcess))
      try command.run()
      finish(0)
    } catch let error as ElasticError {
      Log.error(EscapedText.of(error.message))
      finish(error.exitCode)
    } catch {
      let code = LockstepTool.exitCode(for: error)
      let text = LockstepTool.fullMessage(for: error)
      if code.isSuccess {
        if !text.isEmpty { print(text) }
      } else if !text.isEmpty {
        StandardError.write(EscapedText.of(text, keepingNewlines: true) + "\n")
      }
      finish(code.rawValue)
    }
  }

  /// The arguments with completed options.
  static func prepared(_ arguments: [String]) throws(ElasticError) -> [String] {
    guard arguments.first == "run" else { return arguments }
    return ["run"] + (try OptionPrefixes.completed(Array(arguments.dropFirst())))
  }

  /// Ends the process.
  ///
  /// If its own output cannot be written, that is an error too.
  private static func finish(_ code: Int32) -> Never {
    let isWritten = fflush(nil) == 0
    let reason = errno
    if code == 0, !isWritten, reason != EPIPE {
      let error = ElasticError(
        .outputLost, "cannot write to standard output: \(String(cString: strerror(reason)))")
      Log.error(error.message)
      exit(error.exitCode)
    }
    exit(code)
  }
}
