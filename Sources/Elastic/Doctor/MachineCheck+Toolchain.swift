import Glibc

extension MachineCheck {
  /// Checks for a Swift compiler, which is needed only to build programs.
  static func toolchain(_ environment: [String: String]) -> Finding {
    let paths = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/swiftc" }
    guard let path = paths.first(where: { path in access(path, X_OK) == 0 }) else {
      return .warning(
        "no Swift compiler in PATH",
        "install Swift 6.2 or newer to build programs here; programs built elsewhere run without it"
      )
    }
    return toolchain(path: path, versionText: output(of: "'\(path)' --version 2>/dev/null"))
  }

  /// Evaluates the output of `swiftc --version`.
  package static func toolchain(path: String, versionText: String) -> Finding {
    guard let match = versionText.firstMatch(of: /Swift version (\d+)\.(\d+)[.\d]*/),
      let major = Int(match.1), let minor = Int(match.2)
    else {
      return .warning("\(path) prints no version", "run `\(path) --version` to see the reason")
    }
    let found = "\(match.0): \(path)"
    return (major, minor) >= (6, 2)
      ? .ok(found) : .warning(found, "install Swift 6.2 or newer to build Lockstep")
  }

  private static func output(of command: String) -> String {
    guard let pipe = popen(command, "r") else { return "" }
    defer { pclose(pipe) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, pipe)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
