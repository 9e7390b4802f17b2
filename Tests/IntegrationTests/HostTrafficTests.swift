import Foundation
import ProcessHarness
import Testing

/// Four hosts with two ranks each, in separate network and process namespaces.
@Suite(.enabled(if: TestNetwork.isAvailable, "needs root, for network namespaces"))
struct HostTrafficTests {
  private struct Traffic: Decodable {
    let backend: String
    let allReduce, broadcast, reduceScatter, allGather: Int
  }

  /// Returns the bytes that each of four hosts sends.
  private func traffic(ranksPerHost: Int) async throws -> [Traffic] {
    let network = try TestNetwork(hostCount: 4)
    let hosts = try (0..<4).map { host in
      let ranks = (0..<ranksPerHost).map { localRank in
        "RANK=\(host * ranksPerHost + localRank) LOCAL_RANK=\(localRank) \"$@\" & "
      }
      return try network.start(
        on: host, "/usr/bin/unshare",
        [
          // dash waits forever if it inherits a blocked SIGCHLD, so use bash.
          "--pid", "--fork", "--mount-proc", "--kill-child", "/bin/bash", "-c",
          ranks.joined() + "wait", "bash", ChildProcess.product("TestWorker"), "traffic",
          "\(HostTrafficTests.bytes)",
        ],
        environment: [
          "WORLD_SIZE": "\(4 * ranksPerHost)", "LOCAL_WORLD_SIZE": "\(ranksPerHost)",
          "GROUP_RANK": "\(host)", "MASTER_ADDR": network.address(0), "MASTER_PORT": "29500",
        ])
    }
    var results: [Traffic] = []
    for host in hosts {
      let result = try await host.result(within: .seconds(90))
      let line = try #require(result.output.split(separator: "\n").first, "\(result.errors)")
      results.append(try JSONDecoder().decode(Traffic.self, from: Data(line.utf8)))
    }
    return results
  }

  private static let bytes = 8 << 20

  @Test func hostSendsAsManyBytesAsOneRankWould() async throws {
    let many = try await traffic(ranksPerHost: 2)
    let one = try await traffic(ranksPerHost: 1)
    #expect(many.map(\.backend) == Array(repeating: "shm+gloo", count: 4))
    #expect(one.map(\.backend) == Array(repeating: "gloo", count: 4))
    // A ring sends 3/4 of the bytes twice; headers and the store add little.
    let ring = Double(HostTrafficTests.bytes) * 1.5
    for (host, alone) in zip(many, one) {
      #expect((1.0...1.02).contains(Double(host.allReduce) / ring), "\(host) for \(ring)")
      #expect((0.98...1.02).contains(Double(host.allReduce) / Double(alone.allReduce)))
    }
    // For these operations, Gloo decides how the bytes are distributed over the hosts.
    for kind in [\Traffic.broadcast, \.reduceScatter, \.allGather] {
      let all = many.map { $0[keyPath: kind] }
      let alone = one.map { $0[keyPath: kind] }
      #expect(
        Double(all.reduce(0, +)) <= 1.02 * Double(alone.reduce(0, +)),
        "\(all) instead of \(alone)")
    }
    print("bytes sent by each of 4 hosts × 2 ranks:", many, "× 1 rank:", one)
  }
}
