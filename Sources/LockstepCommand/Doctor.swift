import ArgumentParser
import Elastic
import FoundationEssentials

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check this machine and its connection to other nodes.",
    discussion: """
      Prints the result of each check: ok, a warning or a problem, with a remedy where one is \
      needed. Changes nothing on the machine.

      Examples:
        Check this machine:
          lockstep doctor
        Check that something listens at an endpoint:
          lockstep doctor 10.0.0.1:29400
        Check the network between two nodes (run on both, each with its own rank):
          lockstep doctor 10.0.0.1:29400 --nnodes 2 --node-rank 0

      The exit code is 0 if there is no problem, otherwise 1.
      """)

  @Argument(help: ArgumentHelp("Address of node 0 as HOST:PORT.", valueName: "endpoint"))
  var endpoint: String?

  @Option(help: "Number of nodes to check. Run the same command on each of them.")
  var nnodes = 1

  @Option(name: .bothSpellings("node-rank"), help: "Rank of this node, starting at 0.")
  var nodeRank = 0

  @Option(
    name: .bothSpellings("local-addr"), help: "Address that this node advertises to other nodes.")
  var localAddress: String?

  @Option(help: "Seconds to wait for the other nodes.")
  var timeout = 20.0

  @Flag(help: "Print the results as JSON.")
  var json = false

  func validate() throws {
    guard (1...65536).contains(nnodes), (0..<nnodes).contains(nodeRank) else {
      throw ValidationError(
        "--nnodes must be from 1 to 65536, and --node-rank from 0 to --nnodes - 1")
    }
    guard nnodes == 1 || endpoint != nil else {
      throw ValidationError("--nnodes \(nnodes) needs the endpoint of node 0: add HOST:PORT")
    }
    guard timeout > 0, timeout <= 3600 else {
      throw ValidationError("--timeout must be greater than 0 and at most 3600 seconds")
    }
  }

  func run() throws {
    var findings = MachineCheck.findings(
      environment: ProcessInfo.processInfo.environment, launcherFolder: launcherFolder,
      localAddress: localAddress)
    if let endpoint {
      do {
        findings += PeerCheck(
          endpoint: try Endpoint(endpoint), nodes: nnodes, nodeRank: nodeRank,
          timeout: .seconds(timeout)
        ).findings()
      } catch {
        throw ValidationError("\(endpoint): \(error.message)")
      }
    }
    print(json ? try Self.json(findings) : Self.table(findings))
    if findings.contains(where: { $0.state == .problem }) { throw ExitCode(1) }
  }

  static func json(_ findings: [Finding]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(findings), as: UTF8.self)
  }

  static func table(_ findings: [Finding]) -> String {
    findings.map { finding in
      let mark =
        switch finding.state {
        case .ok: "ok       "
        case .warning: "warning  "
        case .problem: "PROBLEM  "
        }
      return mark + finding.what + (finding.remedy.map { "\n         -> \($0)" } ?? "")
    }.joined(separator: "\n")
  }
}
