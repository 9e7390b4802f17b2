import Foundation
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(2))) struct EnvironmentTests {
  @Test func workersGetTorchrunsVariables() async throws {
    let result = try await Launcher.run(
      "--standalone", "--nproc-per-node", "2", "--max-restarts", "3", "--rdzv-id", "job7",
      "--role", "trainer", "sh", "-c",
      "env | grep -E '^(RANK|LOCAL_|GROUP_|ROLE_|WORLD_|MASTER_|TORCH|OMP_)'",
      environment: ["OMP_NUM_THREADS": "5", "TORCHELASTIC_LOG_LINE_PREFIX_TEMPLATE": "${rank} "])
    #expect(result.code == 0)
    var ports: Set<String> = []
    for rank in ["0", "1"] {
      var variables: [String: String] = [:]
      for line in result.output.split(separator: "\n") where line.hasPrefix(rank + " ") {
        let parts = line.dropFirst(2).split(separator: "=", maxSplits: 1)
        variables[String(parts[0])] = String(parts[1])
      }
      let port = variables.removeValue(forKey: "MASTER_PORT") ?? ""
      ports.insert(port)
      #expect((1024...65535).contains(Int(port) ?? 0))
      let errorFile = variables.removeValue(forKey: "TORCHELASTIC_ERROR_FILE") ?? ""
      #expect(errorFile.hasSuffix("/attempt_0/\(rank)/error.json"))
      variables["TORCHELASTIC_LOG_LINE_PREFIX_TEMPLATE"] = nil
      #expect(
        variables == [
          "RANK": rank, "LOCAL_RANK": rank, "ROLE_RANK": rank, "GROUP_RANK": "0",
          "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "ROLE_WORLD_SIZE": "2",
          "GROUP_WORLD_SIZE": "1", "ROLE_NAME": "trainer", "MASTER_ADDR": "127.0.0.1",
          "TORCHELASTIC_RESTART_COUNT": "0", "TORCHELASTIC_MAX_RESTARTS": "3",
          "TORCHELASTIC_RUN_ID": "job7", "TORCHELASTIC_USE_AGENT_STORE": "True",
          "TORCHELASTIC_SIGNALS_TO_HANDLE": "SIGTERM,SIGINT,SIGHUP,SIGQUIT,SIGUSR1",
          "TORCH_NCCL_ASYNC_ERROR_HANDLING": "1", "OMP_NUM_THREADS": "5",
        ])
    }
    #expect(ports.count == 1)
  }

  @Test func workersWithAVirtualLocalRankSeeOnlyTheirOwnGPU() async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "2", "--virtual-local-rank", "sh", "-c",
      "echo $RANK $LOCAL_RANK $CUDA_VISIBLE_DEVICES ${local_rank}",
      environment: ["CUDA_VISIBLE_DEVICES": "5,3"])
    #expect(
      result.output.split(separator: "\n").sorted()
        == ["[default0]:0 0 5 0", "[default1]:1 0 3 1"])
    try #require(result.code == 0)
  }

  @Test func eachAttemptHasANewStore() async throws {
    let result = try await Launcher.run(
      "--nproc-per-node", "1", "--max-restarts", "1", "bash", "-c",
      "exec 3<>/dev/tcp/$MASTER_ADDR/$MASTER_PORT && echo $MASTER_PORT; "
        + "exit $((1 - $TORCHELASTIC_RESTART_COUNT))")
    #expect(result.code == 0)
    #expect(Set(result.output.split(separator: "\n")).count == 2)
  }

  @Test func argumentsAfterTheProgramAreForwarded() async throws {
    let result = try await Launcher.run(
      "--nproc_per_node=1", "sh", "-c", "for a; do echo \"<$a>\"; done", "sh", "--help",
      "--nproc-per-node", "7", "--", "", "a b", "${local_rank}")
    #expect(result.output == "<--help>\n<--nproc-per-node>\n<7>\n<-->\n<>\n<a b>\n<0>\n")
  }

  @Test func theCommandLineOverridesEnvironmentVariables() async throws {
    let environment = ["PET_NPROC_PER_NODE": "3", "PET_ROLE": "x", "PET_STANDALONE": "1"]
    let script = "echo $WORLD_SIZE $ROLE_NAME"
    let three = try await Launcher.run("sh", "-c", script, environment: environment)
    #expect(
      three.output.split(separator: "\n").sorted() == [
        "[x0]:3 x", "[x1]:3 x", "[x2]:3 x",
      ])
    let one = try await Launcher.run(
      "--nproc-per-node", "1", "sh", "-c", script, environment: environment)
    #expect(one.output == "1 x\n")
  }

  @Test(arguments: [
    (["--nproc-per-node", "0", "true"], "--nproc-per-node 0"),
    (["--nproc-per-node", "many", "true"], "cpu, gpu or auto"),
    (["--nproc-per-node", "99999999999", "true"], "a number from 1 to 4096"),
    (["--nproc-per-node", "gpu", "true"], "found no GPU"),
    (["--standalone", "--nnodes", "2", "true"], "--standalone runs a job of one node"),
    (["--nnodes", "2", "--rdzv-endpoint", "a:0", "true"], "--rdzv-endpoint a:0: port 0"),
    (["--rdzv-endpoint", "tcp://a:1", "--nnodes", "2", "true"], "give HOST:PORT, here a:1"),
    (["--r", "3", "true"], "--r is ambiguous"),
    (["--nproc-per-node", "2\r", "true"], "--nproc-per-node 2\\r: use a number"),
    (["--max-restarts=-1", "true"], "--max-restarts -1"),
    (["--nnodes", "2", "--rdzv-backend", "c10d", "true"], "--rdzv-endpoint"),
    (["--frobnicate", "true"], "unknown option --frobnicate"),
    (["--signals-to-handle", "SIGKILL", "true"], "SIGKILL"),
    (["--tee", "5", "true"], "--tee 5"),
    (["--tee", "4:1", "true"], "no local rank 4"),
    (["--master-port", "70000", "true"], "65535"),
    (["-m", "--no-python", "x"], "--no-python"),
    (["--nproc-per-node", "2", "--debug-rank", "2", "true"], "--debug-rank 2"),
    ([], "no program"),
  ])
  func invalidOptionsAreRejectedWithARemedy(arguments: [String], message: String) async throws {
    let launcher = try Launcher(arguments, environment: ["CUDA_VISIBLE_DEVICES": ""])
    let result = try await launcher.result()
    #expect(result.code == 64)
    #expect(result.errors.contains(message))
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func anAbbreviatedOptionIsCompleted() async throws {
    let result = try await Launcher.run(
      "--nproc", "3", "--rdzv_i", "a b", "sh", "-c", "echo $WORLD_SIZE")
    #expect(result.code == 0)
    #expect(result.output.split(separator: "\n").map { $0.suffix(2) } == [":3", ":3", ":3"])
  }

  @Test(arguments: [
    "caf\\351", "\\377\\376", "a\\303", "\\355\\240\\200", "\\364\\217\\272\\200", "ok\\303\\251",
  ])
  func argumentsKeepTheirBytes(escaped: String) async throws {
    let folder = try TestFolder()
    let job = try ChildProcess(
      "/bin/sh",
      [
        "-c",
        """
        argument=$(printf '\(escaped)')
        cp /bin/cat "$DIR/$argument"
        printf '%s' "$argument" > "$DIR/expected"
        "$0" run sh -c 'printf %s "$1" > "$DIR/passed"' sh "$argument" || exit
        "$0" run "$DIR/$argument" "$DIR/expected" > "$DIR/by-name"
        """, Launcher.path,
      ], in: folder)
    let result = try await job.result()
    #expect(result.code == 0, "\(result.errors)")
    let expected = try #require(folder.data("expected"))
    #expect(!expected.isEmpty)
    #expect(folder.data("passed") == expected)
    #expect(folder.data("by-name") == expected)
  }

  @Test func portZeroIsAFreePort() async throws {
    let result = try await Launcher.run("--master-port", "0", "sh", "-c", "echo $MASTER_PORT")
    #expect(result.code == 0)
    #expect((1024...65535).contains(Int(result.output.dropLast()) ?? 0))
  }

  @Test func twoLaunchersMayHaveTheSameHealthCheckPort() async throws {
    let environment = ["TORCHELASTIC_HEALTH_CHECK_PORT": "\(freePort())"]
    let first = try Launcher(
      ["sh", "-c", "echo $$ > $DIR/0; while [ ! -e $DIR/end ]; do sleep 0.02; done"],
      environment: environment)
    _ = try await first.pid("0")
    let second = try await Launcher.run("true", environment: environment)
    #expect(second.code == 0)
    #expect(second.errors.contains("runs without a status page"))
    try first.folder.create("end")
    let result = try await first.result()
    #expect(result.code == 0)
    #expect(result.errors.contains("serving the job's status"))
  }

  @Test func aPortInUseIsNamedInTheError() async throws {
    let first = try Launcher(["sh", "-c", "echo $MASTER_PORT > $DIR/port; sleep 100"])
    let port = try await first.pid("port")
    let result = try await Launcher.run("--master-port", String(port), "true")
    #expect(result.code == 71)
    #expect(result.errors.contains(String(port)))
    first.send(SIGTERM)
    #expect(try await first.result().code == 143)
  }

  @Test func aMissingProgramIsReportedBeforeAnythingStarts() async throws {
    let result = try await Launcher.run("--nproc-per-node", "2", "no-such-program")
    #expect(result.code == 127)
    #expect(result.errors.hasPrefix("lockstep: error: cannot find the program no-such-program"))
  }

  @Test(arguments: [
    ("#!/no/such/interpreter\n", "interpreter"), ("echo hello\n", "#!/bin/sh"),
  ])
  func aScriptThatCannotBeExecutedIsReported(text: String, message: String) async throws {
    let folder = try TestFolder()
    let script = try folder.create("script", text).path
    chmod(script, 0o755)
    let result = try await Launcher.run("--nproc-per-node", "2", script)
    #expect(result.code == 126)
    #expect(result.errors.contains(message))
  }
}
