import Foundation
import ProcessHarness
import Testing

/// The launcher's limit on open files.
@Suite(.timeLimit(.minutes(2))) struct OpenFilesTests {
  /// Starts a launcher from a shell that first runs `command`.
  private func launcher(after command: String, _ arguments: String...) throws -> ChildProcess {
    try ChildProcess(
      "/bin/sh", ["-c", "\(command) && exec \"$0\" run \"$@\"", Launcher.path] + arguments)
  }

  @Test func onlyTheLauncherHasARaisedFileLimit() async throws {
    let result = try await launcher(
      after: "ulimit -Sn 200", "sh", "-c",
      "ulimit -Sn; ulimit -Hn; grep 'open files' /proc/$PPID/limits"
    ).result()
    #expect(result.code == 0, "\(result.errors)")
    let words = result.output.split(whereSeparator: \.isWhitespace)
    let hard = try #require(Int(words[1]))
    #expect(words[0] == "200")
    #expect(words[2...] == ["Max", "open", "files", "\(min(hard, 65536))", "\(hard)", "files"])
  }

  /// Opens more connections than the launcher's limit; a restart then needs further descriptors.
  @Test func unknownConnectionsDoNotPreventARestart() async throws {
    let job = try launcher(
      after: "ulimit -n 128", "--max-restarts", "1", "sh", "-c",
      """
      if [ $TORCHELASTIC_RESTART_COUNT = 1 ]; then exit 0; fi
      echo $MASTER_PORT > $DIR/port; while [ ! -e $DIR/enough ]; do sleep 0.02; done; exit 3
      """)
    let port = UInt16(try await job.pid("port"))
    let connections = (0..<500).map { _ in connection(port) }
    defer { connections.forEach { close($0) } }
    #expect(connections.allSatisfy { $0 >= 0 })
    try job.folder.create("enough")
    let result = try await job.result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("restart 1 of 1"))
  }

  private func connection(_ port: UInt16) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return status == 0 ? descriptor : -1
  }
}
