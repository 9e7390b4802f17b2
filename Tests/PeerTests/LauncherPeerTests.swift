import Collectives
import Foundation
import LockstepCommand
import ProcessHarness
import Support
import Testing

/// What can be observed of jobs from outside, under torchrun and under `lockstep run`.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing), .serialized, .timeLimit(.minutes(10)))
struct LauncherPeerTests {
  /// Runs a case of `launcher_cases.py` under both launchers.
  private func observe<Value: Decodable>(
    _ name: String, as type: Value.Type
  ) async throws -> (torchrun: Value, lockstep: Value) {
    async let torchrun = Peers.run(
      "launcher_cases.py", ["--case", name, Peers.torchrun, "--no-python"])
    async let lockstep = Peers.run(
      "launcher_cases.py", ["--case", name, ChildProcess.product("lockstep"), "run"])
    func value(_ output: String) throws -> Value {
      try #require(try Peers.decode([String: Value].self, output)[name])
    }
    return (try value(try await torchrun), try value(try await lockstep))
  }

  /// Cases in which both launchers behave in the same way.
  @Test(arguments: [
    "arguments", "environment", "run_ids", "accepted", "refused", "health_check_port", "watchdog",
    "filters", "log_files", "terminal", "error_file", "restarts", "prefixes", "sigterm",
  ])
  func jobsLookTheSame(name: String) async throws {
    let (torchrun, lockstep) = try await observe(name, as: JSONValue.self)
    #expect(lockstep == torchrun, "lockstep: \(lockstep)\ntorchrun: \(torchrun)")
  }

  private struct Event: Decodable, Hashable {
    var source: String
    var state: String
    var rank: Int?
    var exit: [Int?]?
    var error: JSONValue?
    var keys: [String]
  }

  /// Lockstep's events say more in three cases.
  ///
  /// A success has its exit code. A failure without an error file is described. The last event of a
  /// failed job is `FAILED`; torchrun's is `SUCCEEDED`, because its agent worked.
  @Test func eventsOfWorkersAreTheSame() async throws {
    let (torchrun, lockstep) = try await observe("events", as: [String: [Event]].self)
    #expect(torchrun.keys.sorted() == ["exit", "file", "kill", "success"])
    for (name, expected) in torchrun {
      let events = try #require(lockstep[name])
      let failures = expected.filter { $0.state == "FAILED" && $0.source == "WORKER" }
      let own = events.filter { $0.state == "FAILED" && $0.source == "WORKER" }
      #expect(own.map(\.rank) == failures.map(\.rank), "\(name)")
      #expect(own.map(\.exit) == failures.map(\.exit), "\(name)")
      #expect(own.allSatisfy { $0.error != nil }, "\(name)")
      #expect(failures.isEmpty == (name == "success"))
      if name == "file" { #expect(own.map(\.error) == failures.map(\.error)) }
      #expect(events.last?.source == "AGENT" && expected.last?.source == "AGENT")
      #expect(Set(events.map(\.keys)) == Set(expected.map(\.keys)), "\(name)")
      let starts = { (events: [Event]) in events.filter { $0.state == "START" }.map(\.rank) }
      #expect(starts(events) == starts(expected), "\(name)")
      #expect(events.last?.state == (name == "success" ? "SUCCEEDED" : "FAILED"), "\(name)")
    }
  }

  /// torchrun's own parser decides what its prefixes mean.
  @Test func prefixesThatTorchrunAcceptsMeanTheSame() async throws {
    let script = """
      import json
      from torch.distributed.run import get_args_parser
      parser = get_args_parser()
      names = [o for a in parser._actions for o in a.option_strings if o.startswith("--")]
      found = {}
      for name in names:
          for length in range(3, len(name) + 1):
              matches = {o for o in names if o.startswith(name[:length])}
              if name[:length] in names: matches = {name[:length]}
              if len(matches) == 1: found[name[:length]] = matches.pop()
      print(json.dumps(found))
      """
    let output = try await Peers.output(try #require(Peers.python), ["-c", script])
    let prefixes = try Peers.decode([String: String].self, output)
    #expect(prefixes.count > 200)
    for (prefix, name) in prefixes {
      let completed = try OptionPrefixes.completed([prefix, "1", "x"])[0]
      #expect(completed == "--" + name.dropFirst(2).replacing("_", with: "-"), "\(prefix)")
    }
  }

  // MARK: Nodes of both launchers

  private static let rendezvous = [
    ["--nnodes=2", "--rdzv-backend=c10d", "--rdzv-id=mixed"],
    ["--nnodes=1:2", "--rdzv-backend=c10d", "--rdzv-id=mixed"],
    ["--nnodes=2", "--rdzv-backend=static", "--rdzv-id=mixed"],
  ]

  private func options(_ options: [String], rank: Int, port: Int) -> [String] {
    options + ["--rdzv-endpoint=127.0.0.1:\(port)"]
      + (options.contains("--rdzv-backend=static") ? ["--node-rank=\(rank)"] : [])
  }

  @Test(arguments: rendezvous) func aNodeRecognizesTorchrunsHost(options: [String]) async throws {
    let port = freePort()
    let host = try ChildProcess(
      Peers.torchrun,
      self.options(options, rank: 0, port: port) + ["--no-python", "sleep", "60"])
    defer { host.send(SIGTERM) }
    try await value(within: .seconds(60)) { isListening(port) ? () : nil }
    let node = try ChildProcess(
      "lockstep", ["run"] + self.options(options, rank: 1, port: port) + ["sleep", "60"])
    let result = try await node.result()
    #expect(result.code == 78, "\(result.errors)")
    #expect(result.errors.contains("is PyTorch's store, as for torchrun's nodes"))
  }

  @Test(arguments: rendezvous) func aHostRecognizesTorchrunsNode(options: [String]) async throws {
    let port = freePort()
    let host = try ChildProcess(
      "lockstep", ["run"] + self.options(options, rank: 0, port: port) + ["sleep", "60"])
    try await value(within: .seconds(60)) { isListening(port) ? () : nil }
    let node = try ChildProcess(
      Peers.torchrun,
      self.options(options, rank: 1, port: port) + ["--no-python", "sleep", "60"])
    defer { node.send(SIGTERM) }
    let result = try await host.result()
    #expect(result.code == 78, "\(result.errors)")
    #expect(result.errors.contains("a client of PyTorch's store, such as a torchrun node"))
  }

  /// Whether a process listens at a local port, without connecting to it.
  private func isListening(_ port: Int) -> Bool {
    let digits = String(port, radix: 16, uppercase: true)
    let suffix = ":" + String(repeating: "0", count: 4 - digits.count) + digits
    return ["/proc/net/tcp", "/proc/net/tcp6"].contains { path in
      let text = FileManager.default.contents(atPath: path).map {
        String(decoding: $0, as: UTF8.self)
      }
      return (text ?? "").split(separator: "\n").contains { line in
        let fields = line.split(separator: " ")
        return fields.count > 3 && fields[1].hasSuffix(suffix) && fields[3] == "0A"
      }
    }
  }
}
