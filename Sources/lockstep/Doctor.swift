import ArgumentParser
import Elastic
import FoundationEssentials

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check this machine, and the way to the others.",
    discussion: """
      Each line is something that was looked at: ok, a warning, or a problem with its remedy. Nothing is \
      changed.

      Examples:
        This machine:
          lockstep doctor
        Whether somebody listens at an endpoint:
          lockstep doctor 10.0.0.1:29400
        The way between two nodes; on both, each with its own rank:
          lockstep doctor 10.0.0.1:29400 --nnodes 2 --node-rank 0

      The exit code is 0 without problems, else 1.
      """)

  @Argument(help: ArgumentHelp("Where node 0 is: HOST:PORT.", valueName: "endpoint"))
  var endpoint: String?

  @Option(help: "How many nodes take part; each runs the same command.")
  var nnodes = 1

  @Option(name: .both("node-rank"), help: "This node's number, from 0.")
  var nodeRank = 0

  @Option(name: .both("local-addr"), help: "The address that this node is to advertise.")
  var localAddress: String?

  @Option(help: "How many seconds to wait for the others.")
  var timeout = 20.0

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func validate() throws {
    guard (1...65536).contains(nnodes), (0..<nnodes).contains(nodeRank) else {
      throw ValidationError("--node-rank has to be from 0 to --nnodes less 1")
    }
    guard nnodes == 1 || endpoint != nil else {
      throw ValidationError("several nodes need the endpoint of node 0: HOST:PORT")
    }
    guard timeout > 0, timeout <= 3600 else {
      throw ValidationError("--timeout has to be a number of seconds up to 3600")
    }
  }

  func run() throws {
    var findings = MachineCheck.findings(
      environment: ProcessInfo.processInfo.environment, ownFolder: ownFolder,
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
