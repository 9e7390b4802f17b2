import Foundation
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(2))) struct ShutdownTests {
  /// A worker with a child process; both write their process ids to files.
  static let workerWithChild = """
    sleep 1000 & echo $! > $DIR/child.$RANK
    echo $$ > $DIR/worker.$RANK
    wait; sleep 1000
    """

  func pids(_ launcher: Launcher) async throws -> [pid_t] {
    var pids: [pid_t] = []
    for name in ["worker.0", "worker.1", "child.0", "child.1"] {
      pids.append(try await launcher.pid(name))
    }
    return pids
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT])
  func aSignalStopsTheJobAndAllProcesses(signal: Int32) async throws {
    let launcher = try Launcher([
      "--nproc-per-node", "2", "--shutdown-timeout", "1", "bash", "-c", Self.workerWithChild,
    ])
    let pids = try await pids(launcher)
    launcher.send(signal)
    #expect(try await launcher.result().code == 128 + signal)
    #expect(pids.filter(isAlive) == [])
  }

  @Test func signalsAreForwardedToWorkers() async throws {
    let launcher = try Launcher([
      "--nproc-per-node", "2", "bash", "-c",
      "trap 'echo got INT; exit 0' INT; echo $$ > $DIR/pid.$RANK; while :; do sleep 0.01; done",
    ])
    for rank in 0...1 { _ = try await launcher.pid("pid.\(rank)") }
    launcher.send(SIGINT)
    let result = try await launcher.result()
    #expect(result.code == 130)
    #expect(
      result.output.split(separator: "\n").sorted() == [
        "[default0]:got INT", "[default1]:got INT",
      ])
  }

  @Test func userSignalsAreForwardedAndTheJobContinues() async throws {
    let launcher = try Launcher([
      "bash", "-c",
      "trap 'echo saved; exit 0' USR1; echo $$ > $DIR/pid; while :; do sleep 0.01; done",
    ])
    _ = try await launcher.pid("pid")
    launcher.send(SIGUSR1)
    let result = try await launcher.result()
    #expect(result.code == 0)
    #expect(result.output == "saved\n")
  }

  @Test(arguments: [SIGTERM, SIGUSR1])
  func aJobWhoseWorkersSaveAndStopExitsWith75(signal: Int32) async throws {
    let launcher = try Launcher([
      "--nproc-per-node", "2", "--max-restarts", "3", "bash", "-c",
      "trap 'sleep 0.$((RANK * 3)); echo saved; exit 75' TERM USR1; echo $$ > $DIR/pid.$RANK; "
        + "while :; do sleep 0.01; done",
    ])
    for rank in 0...1 { _ = try await launcher.pid("pid.\(rank)") }
    launcher.send(signal)
    let result = try await launcher.result()
    #expect(result.code == 75)
    #expect(
      result.output.split(separator: "\n").sorted() == [
        "[default0]:saved", "[default1]:saved",
      ])
    #expect(result.errors.contains("run the same command to resume"))
    #expect(!result.errors.contains("restart"))
  }

  @Test func aWorkerThatIgnoresSigtermIsKilledAfterTheTimeout() async throws {
    let launcher = try Launcher([
      "--nproc-per-node", "2", "--shutdown-timeout", "0.3", "bash", "-c",
      "trap '' TERM; echo $$ > $DIR/pid.$RANK; while :; do sleep 0.01; done",
    ])
    let pids = [try await launcher.pid("pid.0"), try await launcher.pid("pid.1")]
    launcher.send(SIGTERM)
    #expect(try await launcher.result().code == 143)
    #expect(pids.filter(isAlive) == [])
  }

  @Test func afterAFailureAWorkerThatIgnoresSigtermIsKilled() async throws {
    let launcher = try Launcher([
      "--nproc-per-node", "2", "--shutdown-timeout", "0.3", "--max-restarts", "1", "bash", "-c",
      """
      file=$DIR/pid.$TORCHELASTIC_RESTART_COUNT
      [ $RANK = 1 ] && { while [ ! -e $file ]; do sleep 0.01; done; exit 3; }
      trap '' TERM; echo $$ > $file; while :; do sleep 0.01; done
      """,
    ])
    let result = try await launcher.result()
    #expect(result.code == 3)
    #expect(result.errors.contains("stopped by the launcher, SIGKILL"))
  }

  @Test func aSecondInterruptKillsWorkersAtOnce() async throws {
    let launcher = try Launcher([
      "--shutdown-timeout", "1000", "bash", "-c",
      "trap 'echo > $DIR/interrupted' INT; echo $$ > $DIR/pid; while :; do sleep 0.01; done",
    ])
    let pid = try await launcher.pid("pid")
    launcher.send(SIGINT)
    _ = try await value { launcher.folder.text("interrupted") }
    launcher.send(SIGINT)
    #expect(try await launcher.result().code == 130)
    #expect(!isAlive(pid))
  }

  @Test func workersDieWithinASecondOfTheLauncher() async throws {
    let launcher = try Launcher(["--nproc-per-node", "2", "bash", "-c", Self.workerWithChild])
    let pids = try await pids(launcher)
    launcher.send(SIGKILL)
    _ = try await launcher.result()
    try await Task.sleep(for: .seconds(1))
    #expect(pids.filter(isAlive) == [])
  }

  @Test func theTemporaryFolderOfAKilledLauncherIsDeleted() async throws {
    let folder = try TestFolder()
    let launcher = try Launcher(
      ["--nproc-per-node", "2", "bash", "-c", Self.workerWithChild],
      environment: ["TMPDIR": folder.file("tmp")], in: folder)
    _ = try await pids(launcher)
    func left() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.file("tmp"))
    }
    #expect(try left().count == 1)
    launcher.send(SIGKILL)
    try await value { try left().isEmpty ? () : nil }
  }

  @Test(arguments: ["exit 0", "exit 1"])
  func processesStartedByWorkersAreKilledWhenTheJobEnds(end: String) async throws {
    let launcher = try Launcher([
      "bash", "-c",
      """
      sleep 1000 & echo $! > $DIR/child
      (setsid bash -c 'echo $$ > $DIR/daemon; exec sleep 1000' > /dev/null 2>&1 &)
      while [ ! -s $DIR/daemon ]; do sleep 0.01; done
      \(end)
      """,
    ])
    #expect(try await launcher.result().code == (end == "exit 0" ? 0 : 1))
    #expect(!isAlive(try await launcher.pid("child")))
    #expect(!isAlive(try await launcher.pid("daemon")))
  }

  @Test func aStalledReaderDoesNotPreventExit() async throws {
    let result = try await Launcher.run(
      "bash", "-c",
      """
      mkfifo $DIR/fifo; exec 4<>$DIR/fifo
      \(Launcher.path) run bash -c 'echo $$ > $DIR/inner; yes' > $DIR/fifo &
      while [ ! -s $DIR/inner ]; do sleep 0.01; done
      sleep 0.3; kill -TERM $!; wait $!; echo $?
      """)
    #expect(result.output == "143\n")
  }
}
