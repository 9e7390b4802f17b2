import Elastic
import Foundation
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(2))) struct DoctorTests {
  @Test func lowLimitsHaveARemedy() {
    #expect(MachineCheck.openFiles(1024).remedy?.contains("ulimit -n") == true)
    #expect(MachineCheck.openFiles(65536).state == .ok)
    #expect(MachineCheck.openFiles(nil).state == .ok)
    #expect(MachineCheck.lockedMemory(8 << 20, gpus: 0).state == .ok)
    #expect(MachineCheck.lockedMemory(8 << 20, gpus: 1).state == .warning)
    #expect(MachineCheck.sharedMemory(atPath: "/no/such/folder").state == .problem)
  }

  @Test(
    arguments: [
      ("Swift version 6.3.1 (swift-6.3.1-RELEASE)", .ok), ("Swift version 6.2", .ok),
      ("Swift version 5.10.1", .warning), ("command not found", .warning),
    ] as [(String, Finding.State)])
  func oldOrUnknownCompilersAreWarnings(versionText: String, state: Finding.State) {
    #expect(MachineCheck.toolchain(path: "/bin/swiftc", versionText: versionText).state == state)
  }

  @Test(
    arguments: [
      (nil, ["10.0.0.1"], .ok), (nil, [], .warning), (nil, ["10.0.0.1", "fd00::2"], .ok),
      ("10.0.0.1", ["10.0.0.1"], .ok), ("10.0.0.9", ["10.0.0.1"], .warning),
      ("127.0.0.1", ["10.0.0.1"], .problem), ("::1", [], .problem), ("node0", [], .ok),
    ] as [(String?, [String], Finding.State)])
  func theAdvertisedAddressIsChecked(
    given: String?, usable: [String], state: Finding.State
  ) {
    let own = Set(usable + ["127.0.0.1", "::1"])
    let finding = MachineCheck.advertised(given, own: own, usable: usable)
    #expect(finding.state == state)
    #expect((finding.remedy == nil) == (state == .ok))
  }

  @Test func findingsCanBePrintedAsJSON() async throws {
    let result = try await ChildProcess.run("lockstep", ["doctor", "--json"])
    let findings = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: String]])
    #expect(findings.count == 10)
    #expect(
      findings.allSatisfy { $0["what"] != nil && ($0["state"] == "ok") == ($0["remedy"] == nil) })
  }

  @Test func twoNodesComputeASum() async throws {
    let result = try await Launcher.run("sh", "-c", "echo $MASTER_PORT")
    let port = result.output.dropLast()
    let nodes = try (0..<2).map {
      try ChildProcess(
        "lockstep", ["doctor", "127.0.0.1:\(port)", "--nnodes", "2", "--node-rank", "\($0)"])
    }
    for node in nodes {
      let result = try await node.result()
      #expect(result.output.contains("ok       summed 1024 KiB over 2 nodes"), "\(result.output)")
    }
  }

  @Test(arguments: [
    (["127.0.0.1:1", "--timeout", "0.5"], "the check of 127.0.0.1:1 failed"),
    (["no-such-host.invalid:1"], "cannot resolve no-such-host.invalid"),
  ])
  func anUnreachableEndpointIsAProblem(arguments: [String], message: String) async throws {
    let result = try await ChildProcess.run("lockstep", ["doctor"] + arguments)
    #expect(result.code == 1)
    #expect(result.output.contains("PROBLEM  \(message)"), "\(result.output)")
  }
}
