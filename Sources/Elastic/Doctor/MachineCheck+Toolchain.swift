import Glibc

extension MachineCheck {
  /// Looks for the Swift compiler; programs that are built already have no need of it.
  static func toolchain(_ environment: [String: String]) -> Finding {
    let paths = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/swiftc" }
    guard let path = paths.first(where: { path in access(path, X_OK) == 0 }) else {
      return .warning(
        "there is no Swift compiler in PATH",
        "programs that were built elsewhere run all the same; to build here, install Swift 6.2 or newer"
      )
    }
    return toolchain(path: path, said: output(of: "'\(path)' --version 2>/dev/null"))
  }

  /// What a compiler's words about its version come to.
  package static func toolchain(path: String, said: String) -> Finding {
    guard let match = said.firstMatch(of: /Swift version (\d+)\.(\d+)[.\d]*/),
      let major = Int(match.1), let minor = Int(match.2)
    else {
      return .warning("\(path) does not tell its version", "see what `\(path) --version` says")
    }
    let found = "\(match.0): \(path)"
    return (major, minor) >= (6, 2)
      ? .ok(found) : .warning(found, "Lockstep is built with Swift 6.2 or newer")
  }

  private static func output(of command: String) -> String {
    guard let pipe = popen(command, "r") else { return "" }
    defer { pclose(pipe) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, pipe)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
