import ArgumentParser
import Elastic
import Testing

@testable import LockstepCommand

@Suite struct OptionTests {
  @Test(arguments: torchrunOptions) func defaultsMatchTorchrun(option: OptionRow) throws {
    #expect(option.effect(try OptionRow.launch(option.with)) == option.expected.without)
  }

  @Test(arguments: torchrunOptions) func everySpellingIsAccepted(option: OptionRow) throws {
    for spelling in option.spellings {
      let launched = try OptionRow.launch(option.with + spelling)
      #expect(option.effect(launched) == option.expected.with, "\(spelling)")
    }
  }

  @Test(arguments: torchrunOptions) func environmentVariablesSetOptions(option: OptionRow) throws {
    let name = "PET_" + option.flag.dropFirst(2).uppercased().replacing("-", with: "_")
    #expect(option.variable == nil || option.variable == name)
    let launched = try OptionRow.launch(option.with, [name: option.sample ?? "1"])
    let hasVariable = option.variable != nil
    #expect(
      option.effect(launched) == (hasVariable ? option.expected.with : option.expected.without))
  }

  @Test func theCommandLineOverridesVariables() throws {
    let variables = ["PET_MAX_RESTARTS": "7", "PET_TEE": "0:1", "PET_ROLE": "other"]
    let launched = try OptionRow.launch(["--max-restarts=2", "-t", "2"], variables)
    #expect(launched.maxRestarts == 2)
    #expect(launched.tee == StreamSelection("2"))
    #expect(launched.role == "other")
  }

  @Test func runPathAcceptsAnyScriptName() throws {
    let launched = try OptionRow.launch(["--run-path"], program: "/bin/true")
    #expect(launched.program.arguments == ["-u", "/bin/true"])
    let byVariable = try OptionRow.launch([], ["PET_RUN_PATH": "1"], program: "/bin/true")
    #expect(byVariable.program == launched.program)
  }

  @Test func torchrunsVariableSetsTheShutdownTimeout() throws {
    let variables = ["TORCH_ELASTIC_SHUTDOWN_TIMEOUT": "9"]
    #expect(try OptionRow.launch([], variables).shutdownTimeout == .seconds(9))
    #expect(
      try OptionRow.launch(["--shutdown-timeout=8"], variables).shutdownTimeout == .seconds(8))
  }

  @Test func torchrunsHealthCheckVariableSetsTheStatusPort() throws {
    #expect(try OptionRow.launch([]).statusPort == nil)
    #expect(
      try OptionRow.launch([], ["TORCHELASTIC_HEALTH_CHECK_PORT": "8080"]).statusPort == 8080)
  }

  @Test func standaloneJobsHaveUniqueIDs() throws {
    let first = try OptionRow.launch(["--standalone"]).rendezvous.id
    #expect(first != "none")
    #expect(try OptionRow.launch(["--standalone"]).rendezvous.id != first)
    #expect(try OptionRow.launch(["--standalone", "--rdzv-id=a"]).rendezvous.id == "a")
  }

  @Test(
    arguments: [
      ("MAX_RESTARTS", "x"), ("NPROC_PER_NODE", "many"), ("STANDALONE", "yes"), ("NNODES", "3:2"),
      ("RDZV_BACKEND", "zookeeper"), ("RDZV_ENDPOINT", "a:b"), ("RDZV_CONF", "x=1"), ("TEE", "7"),
      ("REDIRECTS", "9:1"), ("LOCAL_RANKS_FILTER", "1"), ("SIGNALS_TO_HANDLE", "SIGKILL"),
      ("EVENT_LOG_HANDLER", "syslog"), ("MASTER_PORT", "0"), ("MASTER_ADDR", "a:1"),
      ("SHUTDOWN_TIMEOUT", "-1"), ("MONITOR_INTERVAL", "often"), ("START_METHOD", "clone"),
      ("STATUS_PORT", "70000"), ("NODE_RANK", "-1"), ("LOGS_SPECS", "mine"),
      ("DEBUG_RANK", "1"),
    ])
  func anInvalidValueIsReportedWithItsOrigin(name: String, value: String) {
    func message(_ body: () throws -> LaunchConfiguration) -> String {
      do { return "accepted: \(try body())" } catch { return "\(error)" }
    }
    let variable = "PET_\(name)"
    let option = "--\(name.lowercased().replacing("_", with: "-"))"
    let byVariable = message { try OptionRow.launch([], [variable: value]) }
    #expect(byVariable.hasPrefix("\(variable)=\(value): "), "\(byVariable)")
    #expect(!byVariable.contains("\(option) "), "\(byVariable)")
    guard name != "STANDALONE" else { return }
    let byOption = message { try OptionRow.launch(["\(option)=\(value)"]) }
    #expect(byOption.hasPrefix("\(option) \(value): "), "\(byOption)")
  }

  @Test func dynamicBackendsWarnAboutANodeRank() throws {
    func warnings(_ arguments: [String]) throws -> [String] {
      let run = try Run.parse(arguments + ["true"])
      return try run.launchConfiguration(environment: ["PATH": "/usr/bin:/bin"]).warnings
    }
    #expect(try warnings(["--rdzv-backend=c10d", "--node-rank=0"]).count == 1)
    #expect(try warnings(["--node-rank=0"]).count == 0)
  }

  @Test(arguments: [
    ("c10d", "read_timeout=5,join_timeout=5", ["read_timeout"]),
    ("c10d", "store_type=file,read_timeout=5,heartbeat_timeout=5", ["heartbeat_timeout"]),
    ("etcd", "read_timeout=5,heartbeat_timeout=5,is_host=1", ["is_host"]),
    ("static", "join_timeout=5,timeout=5,close_timeout=1", ["join_timeout"]),
  ])
  func settingsWithoutEffectAreReported(backend: String, settings: String, names: [String]) throws {
    let run = try Run.parse([
      "--nnodes=2", "--rdzv-backend=\(backend)", "--rdzv-endpoint=node0",
      "--rdzv-conf=\(settings)", "true",
    ])
    let warnings = try run.launchConfiguration(environment: ["PATH": "/usr/bin:/bin"]).warnings
    #expect(warnings.map { String($0.prefix { $0 != " " }) } == names)
  }

  @Test func onlyC10dAcceptsAFile() throws {
    let run = try Run.parse([
      "--nnodes=2", "--rdzv-backend=etcd", "--rdzv-endpoint=/a/b", "--rdzv-conf=store_type=file",
      "true",
    ])
    #expect {
      try run.launchConfiguration(environment: ["PATH": "/usr/bin:/bin"])
    } throws: { error in
      (error as? ElasticError)?.message.contains("requires --rdzv-backend c10d, not etcd") == true
    }
  }
}
