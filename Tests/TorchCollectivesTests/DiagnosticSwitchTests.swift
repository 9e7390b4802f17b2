import CollectiveConformance
import Collectives
import Foundation
import RankHarness
import Testing

/// The diagnostics that the environment enables, on every backend.
@Suite struct DiagnosticSwitchTests {
  enum Backend: String, CaseIterable { case local, shm, gloo, hierarchical }

  /// Runs three ranks on a backend, with the diagnostics that the settings enable.
  private func onRanks<Value: Sendable>(
    _ backend: Backend, _ settings: GroupSettings, timeout: Duration = .seconds(20),
    _ body: @escaping @Sendable (any ProcessGroup) throws -> Value
  ) -> [Result<Value, any Error>] {
    let store = HashStore(timeout: .seconds(20))
    let locals = LocalGroups(timeout: timeout)
    return onRankThreads(3) { rank in
      let group =
        switch backend {
        case .local: try locals.make("world", rank, 3)
        case .shm: try sharedMemory(store, timeout: timeout)("world", rank, 3)
        case .gloo: try gloo(store, timeout: timeout)("world", rank, 3)
        case .hierarchical:
          try hierarchical(
            [2, 1], rank: rank, inside: sharedMemory(store, timeout: timeout),
            between: gloo(store, timeout: timeout))
        }
      return try body(settings.addingDiagnostics(to: group))
    }
  }

  private func message(_ result: Result<Void, any Error>) -> String {
    if case .failure(let error as CollectiveError) = result {
      "\(error.code): \(error)"
    } else {
      ""
    }
  }

  @Test(arguments: Backend.allCases)
  func aMismatchIsReportedAndRecorded(backend: Backend) throws {
    let file = NSTemporaryDirectory() + "lockstep-\(UUID().uuidString)-"
    defer {
      for name in ["0", "1", "2", ".json"] {
        try? FileManager.default.removeItem(atPath: file + name)
      }
    }
    var settings = GroupSettings()
    settings.debugLevel = .detail
    settings.recordedCollectives = 8
    settings.recordFile = file
    let results = onRanks(backend, settings) { group in
      let sum = try group.allReduce([1])
      #expect(sum == [3])
      if group.rank == 2 { _ = try group.allReduce([1, 2]) } else { _ = try group.allReduce([1]) }
    }
    for (rank, result) in results.enumerated() {
      let text = message(result)
      #expect(text.hasPrefix("mismatch"))
      #expect(text.contains("rank 2 starts allReduce(sum) of 2 int64"), "\(text)")
      #expect(text.contains("DiagnosticSwitchTests.swift:"), "\(text)")
      let data = try Data(contentsOf: URL(filePath: file + ".json/\(rank).json"))
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

  /// The collective that rank 1 starts while the others sum one int64, as the error describes it.
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

  @Test(arguments: Backend.allCases, Difference.allCases)
  func aRankThatDiffersIsReported(backend: Backend, difference: Difference) {
    let results = onRanks(backend, Self.checking) { group in
      if group.rank == 1 { try difference.call(group) } else { _ = try group.allReduce([1]) }
    }
    for text in results.map(message) {
      #expect(
        text.hasPrefix("mismatch") && text.contains("rank 1 starts \(difference.rawValue)"),
        "\(text)")
      #expect(text.contains("rank 0 and 1 more start allReduce(sum) of 1 int64"), "\(text)")
    }
  }

  @Test(arguments: Backend.allCases)
  func aMissingRankIsReported(backend: Backend) {
    let results = onRanks(backend, Self.checking, timeout: .milliseconds(500)) { group in
      try group.barrier()
      if group.rank != 1 { _ = try group.allReduce([1]) } else { usleep(900_000) }
    }
    for rank in [0, 2] {
      let text = message(results[rank])
      #expect(text.hasPrefix("ranksMissing") && text.contains("rank 1 did not start"), "\(text)")
      #expect(text.contains("the last of rank 1 was barrier at"), "\(text)")
    }
  }

  @Test(arguments: Backend.allCases)
  func aRankThatLeavesIsLostAtOnce(backend: Backend) {
    // A wait for the store would last until this timeout.
    let results = onRanks(backend, Self.checking, timeout: .seconds(600)) { group in
      try group.barrier()
      if group.rank != 1 { _ = try group.allReduce([1]) }
    }
    for rank in [0, 2] { #expect(message(results[rank]).hasPrefix("peerLost"), "\(results[rank])") }
  }
}
