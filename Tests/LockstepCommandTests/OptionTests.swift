import ArgumentParser
import Elastic
import LockstepCommand
import Testing

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
    let variables = ["TORCHELASTIC_HEALTH_CHECK_PORT": "8080"]
    let byVariable = try OptionRow.launch([], variables)
    #expect(byVariable.statusPort == 8080 && byVariable.isStatusPortOptional)
    let byOption = try OptionRow.launch(["--status-port=8081"], variables)
    #expect(byOption.statusPort == 8081 && !byOption.isStatusPortOptional)
  }

  /// As torchrun decides it; a given id always counts here.
  @Test(arguments: [
    ("", nil), ("--standalone", nil), ("--nnodes=1", nil), ("--master-addr=127.0.0.1", nil),
    ("--node-rank=1", nil), ("--rdzv-id=", nil), ("--rdzv-id=a", "a"),
    ("--standalone --rdzv-id=a", "a"),
    ("--master-port=0", "none"), ("--rdzv-endpoint=localhost:0", "none"),
    ("--rdzv-backend=c10d", "none"), ("--nnodes=2", "none"),
  ])
  func singleNodeJobsHaveUniqueIDs(arguments: String, id: String?) throws {
    let arguments = arguments.split(separator: " ").map(String.init)
    let ids = try (0..<2).map { _ in try OptionRow.launch(arguments).rendezvous.id }
    if let id {
      #expect(ids == [id, id])
    } else {
      #expect(ids[0] != ids[1])
      #expect(
        ids.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil })
    }
  }

  @Test(arguments: [
    "http://node0:2379", "tcp://node0:29500", "https://user@node0:1/path", "etcd://node0",
    "node0/29500", "user@node0:1", "node0:1,node1:1", "node0:1:2", "[node0]:29500", "a:b:c",
  ])
  func endpointsThatAreSomethingElseAreRefused(text: String) {
    #expect {
      try OptionRow.launch(["--nnodes=2", "--rdzv-backend=c10d", "--rdzv-endpoint=\(text)"])
    } throws: { error in
      (error as? ElasticError)?.exitCode == 64 && "\(error)".contains("HOST:PORT")
        && "\(error)".hasPrefix("--rdzv-endpoint \(text): ")
    }
  }

  @Test(arguments: [
    "x=1", "jion_timeout=5,timeout=9", "timeout=5,foo=a,bar=b", " use_libuv = 1",
    "ttl=3,protocol=h",
  ])
  func unknownSettingsCauseWarnings(settings: String) throws {
    let run = try Run.parse([
      "--nnodes=2", "--rdzv-endpoint=a:1", "--rdzv-conf=\(settings)", "true",
    ])
    let (_, warnings) = try run.launchConfiguration(environment: ["PATH": "/usr/bin:/bin"])
    let unknown = settings.split(separator: ",").map {
      $0.prefix { $0 != "=" }.filter { !$0.isWhitespace }
    }.filter { $0 != "timeout" }
    #expect(warnings.count == unknown.count)
    for key in unknown {
      #expect(warnings.contains { $0.hasPrefix("\(key) in --rdzv-conf is not a known key") })
    }
  }

  @Test(
    arguments: [
      ("MAX_RESTARTS", "x"), ("NPROC_PER_NODE", "many"), ("STANDALONE", "yes"), ("NNODES", "3:2"),
      ("RDZV_BACKEND", "zookeeper"), ("RDZV_ENDPOINT", "a:b"), ("RDZV_CONF", "timeout=x"),
      ("TEE", "7"),
      ("REDIRECTS", "9:1"), ("LOCAL_RANKS_FILTER", "1"), ("SIGNALS_TO_HANDLE", "SIGKILL"),
      ("EVENT_LOG_HANDLER", "syslog"), ("MASTER_PORT", "-1"), ("MASTER_ADDR", "a:1"),
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
      (error as? ElasticError)?.message.contains("store_type=file requires --rdzv-backend c10d")
        == true
    }
  }
}
