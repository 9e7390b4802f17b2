import Foundation
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(2))) struct WatchdogTests {
  private let enabled = ["TORCHELASTIC_ENABLE_FILE_TIMER": "1"]

  /// Defines `timer PID SECONDS_FROM_NOW SIGNAL`.
  private let script = """
    timer() {
      echo "{\\"version\\": 1, \\"pid\\": $1, \\"scope_id\\": \\"s\\", \\
    \\"expiration_time\\": $(($(date +%s) + $2)), \\"signal\\": $3}" > "$TORCHELASTIC_TIMER_FILE"
    }

    """

  @Test(arguments: [("9", 137), ("15", 143)])
  func anExpiredTimerEndsTheWorker(signal: String, code: Int32) async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "2", "sh", "-c",
      script + "[ $RANK = 0 ] || timer $$ 0 \(signal); exec sleep 100", environment: enabled)
    #expect(result.code == code)
    #expect(result.errors.contains(/the timer "s" of process \d+ expired/))
    #expect(result.errors.contains("rank 1 was the first to fail"))
  }

  @Test func theWorkersAreRestarted() async throws {
    let result = try await Launcher.run(
      "--max-restarts", "1", "sh", "-c",
      script + "[ $TORCHELASTIC_RESTART_COUNT = 1 ] || { timer $$ 0 9; exec sleep 100; }",
      environment: enabled)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.contains("restart 1 of 1"))
  }

  @Test func aChildOfTheWorkerCanHaveATimer() async throws {
    let result = try await Launcher.run(
      "sh", "-c", script + "sleep 100 & timer $! 0 9; wait $!; echo child $?", environment: enabled)
    #expect(result.code == 0)
    #expect(result.output == "child 137\n")
  }

  @Test func aReleasedTimerDoesNothing() async throws {
    let result = try await Launcher.run(
      "sh", "-c",
      script + "timer $$ 1 9; timer $$ -9000000000 0; sleep 2.5; echo done", environment: enabled)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output == "done\n")
  }

  @Test func processesOutsideTheJobReceiveNoSignal() async throws {
    let outside = try ChildProcess("/bin/sleep", ["100"])
    let result = try await Launcher.run(
      "sh", "-c", script + "timer \(outside.processIdentifier) 0 9; sleep 0.5", environment: enabled
    )
    #expect(result.code == 0)
    #expect(result.errors.contains("it is not a process of this job"))
    #expect(isAlive(outside.processIdentifier))
  }

  @Test func thePipeIsAtTheGivenPathAndRemoved() async throws {
    let folder = try TestFolder()
    let path = folder.file("timers")
    let result = try await Launcher.run(
      "sh", "-c", "[ -p \(path) ] && echo $TORCHELASTIC_TIMER_FILE",
      environment: enabled.merging(["TORCHELASTIC_TIMER_FILE": path]) { $1 })
    #expect(result.output == path + "\n")
    #expect(!FileManager.default.fileExists(atPath: path))
    let without = try await Launcher.run("sh", "-c", "echo [$TORCHELASTIC_TIMER_FILE]")
    #expect(without.output == "[]\n")
  }

  @Test func aPathThatCannotBeUsedIsNamed() async throws {
    let result = try await Launcher.run(
      "true", environment: enabled.merging(["TORCHELASTIC_TIMER_FILE": "/no/such/pipe"]) { $1 })
    #expect(result.code == 71)
    #expect(result.errors.contains("/no/such/pipe"))
  }
}
