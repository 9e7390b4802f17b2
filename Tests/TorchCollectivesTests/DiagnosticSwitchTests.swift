import CollectiveConformance
import Collectives
import Foundation
import RankHarness
import Testing

/// What the environment can switch on, over every engine.
@Suite struct DiagnosticSwitchTests {
  enum Engine: String, CaseIterable { case local, shm, gloo, hierarchical }

  /// Runs three ranks over an engine, with what the settings ask for around it.
  private func onRanks<Value: Sendable>(
    _ engine: Engine, _ settings: GroupSettings, timeout: Duration = .seconds(20),
    _ body: @escaping @Sendable (any ProcessGroup) throws -> Value
  ) -> [Result<Value, any Error>] {
    let store = HashStore(timeout: .seconds(20))
    let locals = LocalGroups(timeout: timeout)
    return onRankThreads(3) { rank in
      let group =
        switch engine {
        case .local: try locals.make("world", rank, 3)
        case .shm: try sharedMemory(store, timeout: timeout)("world", rank, 3)
        case .gloo: try gloo(store, timeout: timeout)("world", rank, 3)
        case .hierarchical:
          try hierarchical(
            [2, 1], rank: rank, inside: sharedMemory(store, timeout: timeout),
            between: gloo(store, timeout: timeout))
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

  private static let checking = {
    var settings = GroupSettings()
    settings.debugLevel = .detail
    return settings
  }()

  /// What rank 1 does while the others sum up one int64, and how it is named.
  enum Difference: String, CaseIterable {
    case shape = "allReduce(sum) of 2 int64"
    case type = "allReduce(sum) of 1 int32"
    case operation = "allReduce(max) of 1 int64"
    case collective = "barrier at"
    case root = "broadcast with root 1 of 1 int64"

    func call(_ group: any ProcessGroup) throws {
      switch self {
      case .shape: _ = try group.allReduce([1, 2])
      case .type: _ = try group.allReduce([Int32(1)])
      case .operation: _ = try group.allReduce([1], .max)
      case .collective: try group.barrier()
      case .root: try group.broadcast(CollectiveMemory([1]).buffer, from: 1)
      }
    }
  }

  @Test(arguments: Engine.allCases, Difference.allCases)
  func aRankThatDiffersIsNamed(engine: Engine, difference: Difference) {
    let results = onRanks(engine, Self.checking) { group in
      if group.rank == 1 { try difference.call(group) } else { _ = try group.allReduce([1]) }
    }
    for text in results.map(message) {
      #expect(
        text.hasPrefix("mismatch") && text.contains("rank 1 calls \(difference.rawValue)"),
        "\(text)")
      #expect(text.contains("rank 0 and 1 more call allReduce(sum) of 1 int64"), "\(text)")
    }
  }

  @Test(arguments: Engine.allCases)
  func aMissingRankIsNamed(engine: Engine) {
    let results = onRanks(engine, Self.checking, timeout: .milliseconds(500)) { group in
      try group.barrier()
      if group.rank != 1 { _ = try group.allReduce([1]) } else { usleep(900_000) }
    }
    for rank in [0, 2] {
      let text = message(results[rank])
      #expect(text.hasPrefix("ranksMissing") && text.contains("rank 1 did not start"), "\(text)")
      #expect(text.contains("the last of rank 1 was barrier at"), "\(text)")
    }
  }

  @Test(arguments: Engine.allCases)
  func aRankThatLeavesIsLostAtOnce(engine: Engine) {
    // Far less than the limit, which a wait for the store would last.
    let results = onRanks(engine, Self.checking, timeout: .seconds(600)) { group in
      try group.barrier()
      if group.rank != 1 { _ = try group.allReduce([1]) }
    }
    for rank in [0, 2] { #expect(message(results[rank]).hasPrefix("peerLost"), "\(results[rank])") }
  }
}
