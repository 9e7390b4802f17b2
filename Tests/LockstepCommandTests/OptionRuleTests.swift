import ArgumentParser
import Elastic
import LockstepCommand
import Testing

@Suite struct OptionRuleTests {
  /// A command line, and the option about which it is refused or warned of.
  struct Sample: Sendable, CustomStringConvertible {
    var arguments: String
    var outcome: OptionRule.Outcome
    var option: LaunchOption
    var words: String

    init(
      _ arguments: String, _ outcome: OptionRule.Outcome, _ option: LaunchOption, _ words: String
    ) {
      self.arguments = arguments
      self.outcome = outcome
      self.option = option
      self.words = words
    }

    var description: String { arguments }
  }

  static let samples = [
    Sample("--no-python --module", .refused, .noPython, "--module"),
    Sample("--no-python --run-path", .refused, .noPython, "--run-path"),
    Sample("--run-path -m", .refused, .runPath, "--module"),
    Sample("--standalone --nnodes 3", .refused, .nodes, "--nnodes 3"),
    Sample("--standalone --nnodes 2:4", .refused, .nodes, "remove one of the two"),
    Sample("--standalone --nnodes 1:4", .ignored, .nodes, "--nnodes 1:4 has no effect"),
    Sample("--standalone --rdzv-backend etcd", .ignored, .backend, "without a rendezvous"),
    Sample("--standalone --rdzv-backend static", .ignored, .backend, "without a rendezvous"),
    Sample("--standalone --rdzv-endpoint node0:29500", .ignored, .endpoint, "--standalone"),
    Sample("--rdzv-endpoint node0:29500", .ignored, .endpoint, "--master-port"),
    Sample("--rdzv-backend c10d --rdzv-endpoint node0", .ignored, .endpoint, "one node"),
    Sample("--rdzv-conf join_timeout=3", .ignored, .settings, "--nnodes"),
    Sample("--local-addr 10.0.0.1", .ignored, .localAddress, "--master-addr"),
    Sample("--node-rank 1", .ignored, .nodeRank, "the only node"),
    Sample("--status-port 8080 --master-port 8080", .refused, .statusPort, "the same port"),
    Sample("--nnodes 2:3 --rdzv-endpoint a:1", .refused, .nodes, "c10d"),
    Sample("--nnodes 2 --rdzv-backend c10d", .refused, .nodes, "--rdzv-endpoint"),
    Sample("--nnodes 2 --rdzv-endpoint a:0", .refused, .endpoint, "port 0"),
    Sample("--nnodes 1:2 --rdzv-backend c10d --rdzv-endpoint a:0", .refused, .endpoint, "port 0"),
    Sample("--nnodes 2 --master-addr a --master-port 0", .refused, .masterPort, "1 to 65535"),
    Sample(
      "--nnodes 2 --rdzv-endpoint a:29500 --status-port 29500", .refused, .statusPort,
      "--rdzv-endpoint"),
    Sample(
      "--nnodes 2 --master-addr a --master-port 30000 --status-port 30000", .refused, .statusPort,
      "--master-port"),
    Sample("--rdzv-backend c10d --node-rank 0", .ignored, .nodeRank, "static"),
    Sample(
      "--nnodes 2 --rdzv-endpoint a:1 --node-rank 1 --rdzv-conf rank=0", .ignored, .settings,
      "--node-rank takes precedence"),
    Sample(
      "--nnodes 2 --rdzv-backend c10d --rdzv-endpoint a:1 --master-addr b", .ignored,
      .masterAddress, "--local-addr"),
    Sample(
      "--nnodes 2 --rdzv-backend c10d --rdzv-endpoint a:1 --master-port 5", .ignored, .masterPort,
      "free port"),
    Sample(
      "--nnodes 2 --rdzv-endpoint a:1 --master-addr b", .ignored, .masterAddress,
      "takes precedence"),
    Sample(
      "--nnodes 2 --rdzv-endpoint a:1 --master-port 5", .ignored, .masterPort, "takes precedence"),
    Sample(
      "--nnodes 2 --rdzv-endpoint /f --rdzv-conf store_type=file", .refused, .settings, "c10d"),
    Sample("--duplicate-stdout-filters loss", .ignored, .outputFilters, "--tee 1"),
    Sample("--duplicate-stdout-filters loss --tee 2", .ignored, .outputFilters, "--tee 3"),
    Sample("--duplicate-stderr-filters loss --tee 0:1", .ignored, .errorFilters, "--tee 2"),
    Sample("--redirects 1 --tee 3", .ignored, .redirects, "--tee"),
    Sample("-r 0:1 -t 0:3", .ignored, .redirects, "--tee"),
    Sample("--redirects 3 --local-ranks-filter 0", .ignored, .shownLocalRanks, "--redirects"),
    Sample("--monitor-interval 5", .ignored, .monitorInterval, "at once"),
    Sample("--start-method fork", .ignored, .startMethod, "functions"),
  ]

  private func facts(_ arguments: String) throws -> OptionFacts {
    let run = try Run.parse(arguments.split(separator: " ").map(String.init) + ["true"])
    return try run.facts(Settings(environment: [:]))
  }

  @Test func everyRuleHasASample() throws {
    let all = try Self.samples.map { try facts($0.arguments) }
    for rule in OptionRule.all {
      #expect(all.contains { rule.message($0) != nil }, "\(rule.option) \(rule.conditions)")
    }
  }

  @Test(arguments: samples) func aCombinationIsRefusedOrWarnedOf(sample: Sample) throws {
    let facts = try facts(sample.arguments)
    let matching = OptionRule.all.filter { $0.message(facts) != nil }
    #expect(matching.contains { $0.option == sample.option && $0.outcome == sample.outcome })
    switch sample.outcome {
    case .refused:
      #expect {
        try OptionRule.apply(to: facts)
      } throws: { error in
        (error as? ElasticError)?.exitCode == 64 && "\(error)".contains(sample.words)
      }
    case .ignored:
      let warnings = try OptionRule.apply(to: facts)
      #expect(warnings.contains { $0.contains(sample.words) && $0.contains("has no effect") })
      #expect(warnings.count == matching.count)
    }
  }

  @Test(arguments: [
    "", "--standalone", "--standalone --nnodes 1", "--standalone --rdzv-backend c10d",
    "--standalone --rdzv-endpoint localhost:0", "--nnodes 1 --node-rank 0", "--master-port 0",
    "--status-port 0 --master-port 0", "--rdzv-backend c10d --rdzv-endpoint localhost:0",
    "--nnodes 2 --node-rank 1 --rdzv-endpoint a:29500",
    "--nnodes 2 --node-rank 1 --rdzv-endpoint a:29500 --rdzv-conf rank=1,timeout=5",
    "--nnodes 2 --node-rank 1 --master-addr a --master-port 29500",
    "--nnodes 1:2 --rdzv-backend c10d --rdzv-endpoint a:29400 --local-addr 10.0.0.1",
    "--tee 3 --duplicate-stdout-filters loss", "-r 3 -t 0:1", "--redirects 1 --tee 2",
    "--redirects 3 --tee 3 --local-ranks-filter 0 --redirects 0", "--use-env", "--no-python",
  ])
  func otherCombinationsCauseNoMessage(arguments: String) throws {
    #expect(try OptionRule.apply(to: facts(arguments)) == [])
  }

  @Test func variablesCountAsOptions() throws {
    let run = try Run.parse(["--standalone", "true"])
    let facts = try run.facts(Settings(environment: ["PET_NNODES": "2"]))
    #expect {
      try OptionRule.apply(to: facts)
    } throws: {
      "\($0)".hasPrefix("PET_NNODES=2: --standalone")
    }
  }

  /// Values that a file with Windows line ends, or a terminal's escape sequence, leaves in options.
  @Test(arguments: [
    ["--nproc-per-node", "2\r"], ["--max-restarts", "1\r"], ["--tee", "3\r"],
    ["--nnodes", "1\r"], ["--rdzv-endpoint", "node0:29500\r"], ["--master-port", "29500\r"],
    ["--rdzv-conf", "timeout=5\u{1B}[2J"], ["--signals-to-handle", "SIGTERM\r"],
    ["--shutdown-timeout", "3\n"], ["--event-log-handler", "console\r"], ["--status-port", "1\t"],
    ["--rdzv-backend", "c10d\r"], ["--frobnicate\r"],
  ])
  func controlCharactersInValuesAreEscaped(arguments: [String]) throws {
    let run = try Run.parse(arguments + ["true"])
    #expect {
      try run.launchConfiguration(environment: ["PATH": "/usr/bin:/bin"])
    } throws: { error in
      let message = "\(error)"
      return message.contains("\\") && !message.unicodeScalars.contains { $0.value < 0x20 }
    }
  }
}
