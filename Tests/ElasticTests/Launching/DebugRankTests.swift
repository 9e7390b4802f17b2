import Foundation
import ProcessHarness
import Testing

/// `--debug-rank`, with and without gdb.
@Suite(.timeLimit(.minutes(5))) struct DebugRankTests {
  static let hasGDB = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gdb") }

  /// Starts two workers, of which rank 1 waits for a debugger, and returns rank 1's process id.
  func start(_ program: String...) async throws -> (Launcher, pid_t) {
    let launcher = try Launcher(["--nproc-per-node", "2", "--debug-rank", "1"] + program)
    let pid = try await value {
      launcher.errors.firstMatch(of: /gdb -p (\d+) -ex 'tcatch exec' -ex continue\n/)
        .flatMap { pid_t($0.1) }
    }
    return (launcher, pid)
  }

  /// Runs gdb under a launcher.
  ///
  /// gdb needs SIGCHLD, but would inherit a mask that blocks it from the thread of the test.
  func gdb(_ pid: pid_t, _ commands: String...) async throws -> ChildProcess.Result {
    try await Launcher(
      ["gdb", "-nx", "-p", "\(pid)", "-batch"] + commands.flatMap { ["-ex", $0] }
    ).result()
  }

  @Test func theDebuggedRankWaitsAndTheOthersRun() async throws {
    let (launcher, pid) = try await start("sh", "-c", "echo $LOCKSTEP_DEBUG_RANK > $DIR/ran.$RANK")
    _ = try await launcher.pid("ran.0")
    try await Task.sleep(for: .milliseconds(300))
    #expect(isAlive(pid))
    #expect(launcher.folder.text("ran.0") == "1\n")
    #expect(launcher.folder.text("ran.1") == nil)
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    #expect(status.hasPrefix("Name:\tlockstep-debug\n"))
    let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd")
    #expect(descriptors.sorted() == ["0", "1", "2"], "the process keeps other descriptors open")

    launcher.send(SIGTERM)
    #expect(try await launcher.result().code == 143)
    #expect(!isAlive(pid))
  }

  @Test(.enabled(if: hasGDB, "needs gdb: apt-get install gdb"))
  func aDebuggerStopsAtTheProgramStartAndTheJobCompletes() async throws {
    let (launcher, pid) = try await start(
      "/bin/sh", "-c", "echo rank $RANK: $LOCKSTEP_DEBUG_RANK")
    let debugger = try await gdb(pid, "tcatch exec", "continue", "continue")
    #expect(debugger.output.contains(/Temporary catchpoint 1 \(exec'd .*sh\)/))
    #expect(debugger.output.contains("exited normally"), "\(debugger.errors.suffix(2000))")
    let result = try await launcher.result()
    #expect(result.code == 0)
    #expect(
      result.output.split(separator: "\n").sorted() == [
        "[default0]:rank 0: 1", "[default1]:rank 1: 1",
      ])
  }

  @Test(.enabled(if: hasGDB && hasPython, "needs gdb and python3"))
  func aPythonProgramCanBeDebugged() async throws {
    let folder = try TestFolder()
    let script = try folder.create("job.py", "import os; print(os.environ['RANK'])\n").path
    let (launcher, pid) = try await start(script)
    let debugger = try await gdb(pid, "continue")
    #expect(debugger.output.contains("exited normally"), "\(debugger.errors.suffix(2000))")
    let result = try await launcher.result()
    #expect(result.code == 0)
    #expect(result.output.split(separator: "\n").sorted() == ["[default0]:0", "[default1]:1"])
  }
}
