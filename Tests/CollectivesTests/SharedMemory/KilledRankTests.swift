import Collectives
import Foundation
import ProcessHarness
import Testing

/// Kills ranks during collectives.
///
/// `LOCKSTEP_KILL_TRIALS=17` runs 17 trials per collective and kind of group instead of one, and
/// prints how long the survivors took to detect the death.
@Suite struct KilledRankTests {
  /// The kind of the group.
  enum Kind: String, CaseIterable {
    case plain, checked, hierarchical

    var environment: [String: String] {
      switch self {
      case .plain: [:]
      case .checked: ["LOCKSTEP_DEBUG": "detail"]
      case .hierarchical: ["HOSTS": "2,1"]
      }
    }
  }

  @Test(
    arguments: Kind.allCases,
    [
      "allReduce", "allReduceCoalesced", "reduce", "reduceScatter", "allGather", "allGatherUneven",
      "allToAll", "broadcast", "gather", "scatter", "barrier", "exchange",
    ])
  func survivorsOfAKilledRankContinue(kind: Kind, collective: String) async throws {
    let variable = ProcessInfo.processInfo.environment["LOCKSTEP_KILL_TRIALS"]
    let trials = variable.flatMap { Int($0) } ?? 1
    var delays: [Double] = []
    for trial in 0..<trials {
      let victim = (trial + collective.count) % 3
      delays += try await killOne(of: 3, in: collective, kind, victim: victim)
    }
    if variable != nil {
      delays.sort()
      print(
        "\(kind) \(collective): \(trials) ranks killed; \(delays.count) survivors noticed after "
          + "\(delays[delays.count / 2]) ms (median), at most \(delays.last ?? 0) ms")
    }
  }

  /// Returns the milliseconds until each survivor detected the death.
  private func killOne(
    of worldSize: Int, in collective: String, _ kind: Kind, victim: Int
  ) async throws -> [Double] {
    let folder = try TestFolder()
    let store = try FileStore(path: folder.file("store"), timeout: .seconds(20))
    let named = try FileManager.default.contentsOfDirectory(atPath: "/dev/shm")
    let ranks = try (0..<worldSize).map {
      try ChildProcess(
        "TestRank", [collective],
        environment: [
          "RANK": "\($0)", "WORLD_SIZE": "\(worldSize)", "STORE": folder.file("store"),
        ].merging(kind.environment) { $1 })
    }
    try store.wait((0..<worldSize).map { "runs/\($0)" }, timeout: .seconds(20))
    usleep(UInt32.random(in: 0..<5000))
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    kill(ranks[victim].processIdentifier, SIGKILL)
    var delays: [Double] = []
    for (rank, child) in ranks.enumerated() where rank != victim {
      let result = try await child.result(within: .seconds(60))
      let lines = result.output.split(separator: "\n")
      #expect(result.code == 0 && lines.count == 2, "\(result.output)\(result.errors)")
      guard lines.count == 2 else { continue }
      let noticed = try JSONDecoder().decode(Noticed.self, from: Data(lines[0].utf8))
      let after = try JSONDecoder().decode(After.self, from: Data(lines[1].utf8))
      #expect(noticed.lost == victim)
      #expect(after.sum == worldSize - 1)
      #expect(after.more[1] == 0, "\(after.more)")
      #expect(after.more[0] <= 0 && after.more[2] <= 0, "\(after.more)")
      delays.append(
        Double(noticed.seconds - now.tv_sec) * 1000
          + Double(noticed.nanoseconds - now.tv_nsec) / 1_000_000)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: "/dev/shm") == named)
    return delays
  }

  private struct Noticed: Decodable { let lost, seconds, nanoseconds: Int }
  private struct After: Decodable {
    let sum: Int
    let more: [Int]
  }
}
