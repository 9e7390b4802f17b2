import ArgumentParser
import Elastic
import LockstepCommand
import Testing

@Suite struct OptionPrefixTests {
  /// torchrun's long options, from `run.py` in version 2.13.
  static let torchrun = torchrunOptions.map(\.flag) + ["--run-path", "--logs-specs", "--help"]

  @Test func theTableHasEveryOptionOfTheHelp() {
    let help = Run.helpMessage(columns: 400)
    let named = Set(
      help.matches(of: /--([a-z]+(?:-[a-z]+)*)(?![a-z_-])/).map { String($0.1) }
    ).subtracting(["lr", "epochs", "nproc"])  // in examples
    let known = Set(LaunchOption.allCases.map(\.rawValue))
    #expect(known.subtracting(named) == [])
    #expect(named.subtracting(known) == [])
  }

  /// What torchrun accepts must not become ambiguous through an option that only Lockstep has.
  @Test func everyPrefixThatTorchrunAcceptsIsAccepted() throws {
    var count = 0
    for option in Self.torchrun where option != "--use-env" {
      for length in 3..<option.count {
        let prefix = String(option.prefix(length))
        let meant = Self.torchrun.filter { $0.hasPrefix(prefix) && $0 != "--use-env" }
        guard meant.count == 1 else { continue }
        count += 1
        #expect(try OptionPrefixes.completed([prefix, "x"])[0] == option, "\(prefix)")
        let underscores = "--" + prefix.dropFirst(2).replacing("-", with: "_")
        #expect(try OptionPrefixes.completed([underscores, "x"])[0] == option, "\(underscores)")
      }
    }
    #expect(count > 150)
  }

  @Test(arguments: [
    (["--nproc", "2", "x", "--nproc", "3"], ["--nproc-per-node", "2", "x", "--nproc", "3"]),
    (["--nproc=2", "x"], ["--nproc-per-node=2", "x"]),
    (["--rdzv_back", "c10d", "x"], ["--rdzv-backend", "c10d", "x"]),
    (["--max-rest", "--nproc", "x"], ["--max-restarts", "--nproc", "x"]),
    (["--stand", "--nproc", "2", "x"], ["--standalone", "--nproc-per-node", "2", "x"]),
    (["-t", "3", "--tee", "0", "x"], ["-t", "3", "--tee", "0", "x"]),
    (["-t3", "-m", "--log-d", "a=b", "x"], ["-t3", "-m", "--log-dir", "a=b", "x"]),
    (["--", "--nproc", "2"], ["--", "--nproc", "2"]),
    (["--duplicate_stdout", "a,b", "x"], ["--duplicate-stdout-filters", "a,b", "x"]),
    (["--unknown", "--nproc", "2"], ["--unknown", "--nproc-per-node", "2"]),
    (["--nproc"], ["--nproc-per-node"]), ([], []),
  ])
  func onlyOptionsBeforeTheProgramAreCompleted(arguments: [String], expected: [String]) throws {
    #expect(try OptionPrefixes.completed(arguments) == expected)
  }

  @Test(arguments: [
    ("--r", ["--role", "--run-path", "--redirects", "--rdzv-conf"]),
    ("--rdzv", ["--rdzv-backend", "--rdzv-endpoint", "--rdzv-id", "--rdzv-conf"]),
    ("--no", ["--node-rank", "--no-python"]), ("--master_", ["--master-addr", "--master-port"]),
    ("--dup=x", ["--duplicate-stdout-filters", "--duplicate-stderr-filters"]),
    ("--s", ["--standalone", "--signals-to-handle", "--status-port"]),
  ])
  func anAmbiguousPrefixIsRefusedWithItsCandidates(prefix: String, candidates: [String]) {
    #expect {
      try OptionPrefixes.completed([prefix, "1", "x"])
    } throws: { error in
      guard let error = error as? ElasticError, error.exitCode == 64 else { return false }
      return error.message.contains("\(prefix.prefix { $0 != "=" }) is ambiguous")
        && candidates.allSatisfy(error.message.contains)
    }
  }

  @Test(arguments: [
    ["--log-dir", "caf\u{10FEE9}", "x"], ["--role=\u{10FEFF}", "x"], ["--n\u{10FE80}", "x"],
    ["-r", "\u{10FEE9}", "x"], ["--rdzv-id", "a\u{10FEC3}", "x"],
  ])
  func optionsMustBeUTF8(arguments: [String]) {
    #expect {
      try OptionPrefixes.completed(arguments)
    } throws: { error in
      (error as? ElasticError)?.exitCode == 64 && "\(error)".contains("\\x")
        && "\(error)".contains("not valid UTF-8")
    }
  }

  @Test func programsAndTheirArgumentsMayHaveAnyBytes() throws {
    let arguments = ["x\u{10FEE9}", "--log-dir", "\u{10FEE9}"]
    #expect(
      try OptionPrefixes.completed(["--role", "a"] + arguments) == ["--role", "a"] + arguments)
  }

  @Test(arguments: [
    (["x", "--", "a"], ["a"]), (["x", "a", "--", "b"], ["a", "--", "b"]),
    (["--", "x", "a"], ["a"]),
    (["--", "x", "--", "a"], ["--", "a"]), (["x", "--"], []),
    (["x", "--", "--", "a"], ["--", "a"]),
  ])
  func theFirstSeparatorIsDropped(command: [String], arguments: [String]) throws {
    let program = command.map { $0 == "x" ? "true" : $0 }
    let run = try Run.parse(program)
    let configuration = try run.launchConfiguration(environment: ["PATH": "/usr/bin:/bin"])
      .configuration
    #expect(configuration.program.arguments == arguments)
  }
}
