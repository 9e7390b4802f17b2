import Foundation
import ProcessHarness
import Testing
import Worker

@Suite(.timeLimit(.minutes(2))) struct FailureTests {
  @Test(arguments: [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("kill -SEGV $$", 139)])
  func theJobExitsWithTheCodeOfTheFailedWorker(script: String, code: Int32) async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "2", "sh", "-c", "[ $RANK = 0 ] || { \(script); }")
    #expect(result.code == code)
  }

  @Test func theFirstFailureIsDetailedAndOthersAreSummarized() async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "3", "bash", "-c",
      """
      trap 'echo stopping >&2; exit 9' TERM
      if [ $RANK = 2 ]; then sleep 0.3; echo disk full >&2; exit 5; fi
      sleep 100 & wait
      """)
    #expect(result.code == 5)
    #expect(result.errors.contains("default FAILED: rank 2 was the first to fail"))
    #expect(result.errors.contains("    | disk full\n"))
    #expect(!result.errors.contains("    | stopping"))
    #expect(result.errors.contains(/rank 0 \(process \d+\): stopped by the launcher, exit code 9/))
    #expect(result.errors.contains(/rank 1 \(process \d+\): stopped by the launcher, exit code 9/))
  }

  @Test func errorFilesDecideWhichFailureIsFirst() async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "2", "sh", "-c",
      """
      if [ $RANK = 1 ]; then
        echo '{"message": {"message": "ValueError: boom", "extraInfo": {"timestamp": "1"}}}' \
          > $TORCHELASTIC_ERROR_FILE
        sleep 100
      fi
      while [ ! -s $(dirname $TORCHELASTIC_ERROR_FILE)/../1/error.json ]; do sleep 0.01; done
      sleep 0.1; exit 4
      """)
    #expect(result.code == 1)
    #expect(result.errors.contains("rank 1 was the first to fail"))
    #expect(result.errors.contains("  message   : ValueError: boom\n"))
    #expect(result.errors.contains(/rank 0 \(process \d+\): exit code 4/))
  }

  @Test func logsAndErrorFilesAreKeptForEveryAttempt() async throws {
    let folder = try TestFolder()
    let job = try Launcher(
      [
        "--nproc-per-node", "2", "--max-restarts", "1", "--rdzv-id", "a/b",
        "--log-dir", folder.path + "/new/logs", "-r", "0:3", "-t", "1:1", "sh", "-c",
        """
        echo out $RANK; echo err $RANK >&2; touch $DIR/$TORCHELASTIC_RESTART_COUNT.$RANK
        while [ ! -e $DIR/$TORCHELASTIC_RESTART_COUNT.$((1 - RANK)) ]; do sleep 0.01; done
        echo '{"message": "E"}' > $TORCHELASTIC_ERROR_FILE; exit 1
        """,
      ], in: folder)
    let result = try await job.result()
    #expect(result.code == 1)
    let logs = folder.path + "/new/logs"
    let runs = try FileManager.default.contentsOfDirectory(atPath: logs)
    let run = try #require(runs.first)
    #expect(runs.count == 1 && run.hasPrefix("a_b_"))
    for attempt in 0...1 {
      let attempt = "new/logs/\(run)/attempt_\(attempt)"
      #expect(folder.text("\(attempt)/0/stdout.log") == "out 0\n")
      #expect(folder.text("\(attempt)/0/stderr.log") == "err 0\n")
      #expect(folder.text("\(attempt)/1/stdout.log") == "out 1\n")
      #expect(folder.text("\(attempt)/1/stderr.log") == nil)
    }
    #expect(result.output == "[default1]:out 1\n[default1]:out 1\n")
    #expect(!result.errors.contains("[default0]:err 0"))
    #expect(result.errors.contains("[default1]:err 1"))
    #expect(result.errors.contains("logs: \(logs)/\(run)\n"))
  }

  @Test func noFilesRemainWithoutALogFolder() async throws {
    let folder = try TestFolder()
    let job = try Launcher(
      ["sh", "-c", "echo x > $TORCHELASTIC_ERROR_FILE; exit 3"],
      environment: ["TMPDIR": folder.path + "/tmp"], in: folder)
    let result = try await job.result()
    #expect(result.code == 3)
    #expect(result.errors.contains("  message   : x"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/tmp") == [])
  }

  @Test(arguments: [1, 2])
  func aKilledWorkerIsReplacedTwentyTimes(workers: Int) async throws {
    let launcher = try Launcher([
      "--nproc-per-node", String(workers), "--max-restarts", "20", "sh", "-c",
      """
      echo $$ > $DIR/$TORCHELASTIC_RESTART_COUNT.$RANK
      while [ ! -e $DIR/done ]; do sleep 0.02; done
      echo end
      """,
    ])
    for attempt in 0..<20 {
      let victim = Int.random(in: 0..<workers)
      let pid = try await launcher.pid("\(attempt).\(victim)")
      try await Task.sleep(for: .milliseconds(Int.random(in: 0...40)))
      #expect(kill(pid, SIGKILL) == 0)
    }
    _ = try await launcher.pid("20.0")
    try launcher.folder.create("done")
    let result = try await launcher.result()
    #expect(result.code == 0)
    #expect(result.errors.contains("restart 20 of 20"))
    #expect(!result.errors.contains("FAILED"))
    #expect(result.output.split(separator: "\n").count == workers)
  }

  @Test func workersRestartAfterTheGuardIsKilled() async throws {
    let launcher = try Launcher([
      "--max-restarts", "1", "sh", "-c",
      "echo $$ > $DIR/$TORCHELASTIC_RESTART_COUNT; "
        + "[ $TORCHELASTIC_RESTART_COUNT = 1 ] || sleep 1000",
    ])
    let worker = try await launcher.pid("0")
    let guards = launcher.children(named: "lockstep-guard")
    #expect(guards.count == 1)
    for pid in guards + [worker] { #expect(kill(pid, SIGKILL) == 0) }
    let result = try await launcher.result()
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test(.enabled(if: hasPython, "needs python3"))
  func aPythonScriptRunsWithItsArguments() async throws {
    let folder = try TestFolder()
    let script = try folder.create(
      "train.py", "import os, sys\nprint(os.environ['RANK'], sys.argv[1:])")
    let result = try await Launcher.run("--nproc-per-node", "2", script.path, "--lr", "0.1")
    #expect(result.code == 0)
    #expect(
      result.output.split(separator: "\n").sorted() == [
        "[default0]:0 ['--lr', '0.1']", "[default1]:1 ['--lr', '0.1']",
      ])
  }
}
