import Collectives
import Foundation
import Testing
import TorchCollectives

/// What the environment can switch on, over every engine.
@Suite struct DiagnosticSwitchTests {
  enum Engine: String, CaseIterable { case local, shm, gloo, hierarchical }

  /// Runs three ranks over an engine, with what the settings ask for around it.
  private func onRanks<Value: Sendable>(
    _ engine: Engine, _ settings: GroupSettings, timeout: Duration = .seconds(20),
    _ body: @escaping @Sendable (any ProcessGroup) throws -> Value
  ) -> [Result<Value, any Error>] {
    let store = HashStore(timeout: .seconds(20))
    let locals = LocalProcessGroup.make(worldSize: 3, timeout: timeout)
    return onRankThreads(3) { rank in
      func gloo(_ name: String, _ rank: Int, _ worldSize: Int) throws -> GlooProcessGroup {
        try GlooProcessGroup(
          store: PrefixStore(name, store), rank: rank, worldSize: worldSize, timeout: timeout,
          host: "127.0.0.1")
      }
      let group: any ProcessGroup =
        switch engine {
        case .local: locals[rank]
        case .shm:
          try SharedMemoryProcessGroup(
            store: PrefixStore("shm", store), rank: rank, worldSize: 3, timeout: timeout)
        case .gloo: try gloo("world", rank, 3)
        case .hierarchical:
          // Ranks 0 and 1 on a host, rank 2 on another.
          try HierarchicalProcessGroup(
            world: gloo("world", rank, 3),
            local: SharedMemoryProcessGroup(
              store: PrefixStore("host\(rank / 2)", store), rank: rank % 2,
              worldSize: rank < 2 ? 2 : 1, timeout: timeout),
            leaders: rank == 1 ? nil : gloo("leaders", rank / 2, 2))
        }
      return try body(settings.watch(group))
    }
  }

  private func message(_ result: Result<Void, any Error>) -> String {
    if case .failure(let error as CollectiveError) = result {
      "\(error.code): \(error)"
    } else {
      ""
    }
  }

  @Test(arguments: Engine.allCases)
  func aCallThatDiffersIsNamedAndRecorded(engine: Engine) throws {
    let file = NSTemporaryDirectory() + "lockstep-\(UUID().uuidString)-"
    defer { for rank in 0..<3 { try? FileManager.default.removeItem(atPath: file + "\(rank)") } }
    var settings = GroupSettings()
    (settings.debugLevel, settings.recordedCollectives, settings.recordFile) = (.detail, 8, file)
    let results = onRanks(engine, settings) { group in
      let sum = try group.allReduce([1])
      #expect(sum == [3])
      if group.rank == 2 { _ = try group.allReduce([1, 2]) } else { _ = try group.allReduce([1]) }
    }
    for (rank, result) in results.enumerated() {
      let text = message(result)
      #expect(text.hasPrefix("mismatch"))
      #expect(text.contains("rank 2 calls allReduce(sum) of 2 int64"), "\(text)")
      #expect(text.contains("DiagnosticSwitchTests.swift:"), "\(text)")
      let data = try Data(contentsOf: URL(filePath: file + "\(rank)"))
      let record = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let entries = try #require(record["entries"] as? [[String: Any]])
      #expect(entries.map { $0["state"] as? String } == ["completed", "scheduled"])
    }
  }

  @Test(arguments: Engine.allCases)
  func anotherCollectiveAndAMissingRankAreNamed(engine: Engine) {
    var settings = GroupSettings()
    settings.debugLevel = .detail
    let other = onRanks(engine, settings) { group in
      if group.rank == 1 { try group.barrier() } else { _ = try group.allReduce([1]) }
    }
    for text in other.map(message) {
      #expect(text.hasPrefix("mismatch") && text.contains("rank 1 calls barrier"), "\(text)")
    }
    let missing = onRanks(engine, settings, timeout: .milliseconds(500)) { group in
      if group.rank != 1 { _ = try group.allReduce([1]) } else { usleep(900_000) }
    }
    for rank in [0, 2] {
      let text = message(missing[rank])
      #expect(text.hasPrefix("ranksMissing") && text.contains("rank 1 did not start"), "\(text)")
    }
  }
}
