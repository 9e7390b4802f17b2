import Collectives
import DataParallel
import Foundation
import RankHarness
import Testing
import Torch

@Suite struct LoggingDataTests {
  @Test func itReportsBucketsOrderAndCounts() throws {
    let data = try onRanks(2) { group in
      let model = try DistributedDataParallel(
        Network(seed: 0), group: group, options: DistributedDataParallelOptions(bucketBytes: 1024))
      for _ in 0..<3 {
        model.module.zeroGrad()
        let (x, y) = batch([group.rank])
        try mseLoss(try model(x), y).backward()
      }
      return model.loggingData
    }[1]
    #expect(data.moduleName == "Network")
    #expect(data.rank == 1 && data.worldSize == 2 && data.iteration == 3)
    #expect(data.parameterCount == 6 && data.parameterBytes == 4 * (96 + 16 + 256 + 16 + 16 + 1))
    #expect(data.dtypes == ["float32"])
    #expect(data.bucketBytes.count == 2)
    #expect(data.bucketBytes.reduce(0, +) == data.parameterBytes)
    #expect(Array(data.bucketParameterIndices.joined()) == data.gradientReadyOrder)
    #expect(data.hasRebuiltBuckets && data.canSetStaticGraph)
    #expect(data.unusedParameterBytes == 0)
    // Each gradient is copied into its bucket once per pass.
    #expect(data.movedGradientCount == 3 * 6)
    let again = try JSONDecoder().decode(LoggingData.self, from: JSONEncoder().encode(data))
    #expect(again.bucketParameterIndices == data.bucketParameterIndices)
    #expect(data.scalars["ddp/buckets"] == 2)
    #expect(data.scalars["ddp/avg_overlapped_share"] == data.averageTimes.overlappedShare)
  }

  /// Gradients that are set to 0 rather than to `nil` stay in their buckets.
  @Test func zeroedGradientsAreNotCopied() throws {
    let counts = try onRanks(2) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      var counts: [Int] = []
      for _ in 0..<4 {
        let (x, y) = batch([group.rank])
        try mseLoss(try model(x), y).backward()
        counts.append(model.loggingData.movedGradientCount)
        for parameter in model.module.parameters { parameter.grad?.zero_() }
      }
      return counts
    }
    // The second pass rebuilds the buckets.
    #expect(counts == [[6, 12, 12, 12], [6, 12, 12, 12]])
  }

  @Test func timesAreThoseOfTheCompletedStep() throws {
    let measured = try onRanks(2) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      model.loggingInterval = 3
      return try (0..<16).map { _ in
        let (x, y) = batch([group.rank])
        try mseLoss(try model(x), y).backward()
        let share = try #require(model.loggingData.times.overlappedShare)
        return model.hasMeasuredStep && (0...1).contains(share)
      }
    }
    // The first ten steps, and steps 12 and 15.
    let expected = (0..<16).map { $0 < 10 || $0 % 3 == 0 }
    #expect(measured == [expected, expected])
  }

  @Test func theFirstTenStepsAreMeasuredThenEachHundredth() {
    var statistics = StepStatistics()
    let measured = (0..<301).filter { _ in statistics.begin() }
    #expect(measured == Array(0..<10) + [100, 200, 300])
  }
}

@Suite struct TraceTests {
  private var times: StepTimes {
    var times = StepTimes()
    times.forwardEnd = 100
    times.firstGradient = 110
    times.computeEnd = 200
    times.end = 260
    times.buckets = [
      .init(ready: 120, started: 120, done: 180), .init(ready: 170, started: 175, done: 250),
    ]
    return times
  }

  @Test func overlappingCommunicationIsCountedOnce() {
    #expect(times.communicationAndHidden == (130, 80))
    #expect(times.communication == 130)
    #expect(times.overlap == 80)
    let trace = Trace(rank: 3)
    #expect(trace.overlappedShare == nil)
    trace.add(times)
    #expect(trace.overlappedShare == 80.0 / 130)
  }

  @Test func eventsAfterTheLimitAreDropped() {
    let trace = Trace(rank: 0, eventLimit: 3)
    for step in 0..<5 { trace.measure("step \(step)") {} }
    #expect(trace.events.map(\.name) == ["step 0", "step 1", "step 2"])
    #expect(trace.droppedCount == 2)
  }

  @Test func ranksWriteOneFileThatChromeReads() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID()).json").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let shares = try onRanks(2) { group in
      let model = try DistributedDataParallel(
        Network(seed: 0), group: group, options: DistributedDataParallelOptions(bucketBytes: 512))
      let trace = Trace(rank: group.rank)
      model.record(in: trace)
      for _ in 0..<3 {
        let (x, y) = batch([group.rank])
        try mseLoss(try model(x), y).backward()
        trace.measure("optimizer") {}
      }
      model.record(in: nil)
      try trace.write(to: path, group: group)
      return trace.overlappedShare
    }
    #expect(shares.allSatisfy { (0...1).contains($0 ?? -1) })

    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    let events = try #require((json as? [String: Any])?["traceEvents"] as? [[String: Any]])
    for rank in 0..<2 {
      func count(_ name: String) -> Int {
        events.count {
          $0["name"] as? String == name && $0["ph"] as? String == "X" && $0["pid"] as? Int == rank
        }
      }
      #expect(count("forward") == 3 && count("backward") == 3 && count("optimizer") == 3)
      // One bucket in the first pass.
      #expect(count("bucket 0") == 3 && count("bucket 1") == 2)
      #expect(count("bucket 1 ready") == 2)
    }
  }

  @Test func aFileThatCannotBeWrittenIsNamed() throws {
    let result = attemptOnRanks(1) { group in
      try Trace(rank: 0).write(to: "/does/not/exist.json", group: group)
    }[0]
    #expect { try result.get() } throws: { "\($0)".contains("/does/not/exist.json") }
  }
}
