import Foundation
import ProcessHarness
import Testing
import Training

/// Reads the files of module Training with TensorBoard's reader.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct MetricsPeerTests {
  private struct Reading: Decodable {
    var scalars: [String: [[Double]]]
    var texts: [String: [String]]
  }

  private func read(_ folder: TestFolder) async throws -> Reading {
    try Peers.decode(Reading.self, try await Peers.run("read_events.py", [folder.path]))
  }

  @Test func tensorBoardReadsTheSameValuesStepsAndTags() async throws {
    let folder = try TestFolder()
    let metrics = try MetricsFolder(folder.path)
    try metrics.record(hyperparameters: ["learning rate": "2e-5", "epochs": "4"])
    let before = Date.now.timeIntervalSince1970
    let steps = (0..<300).map { index in
      StepMetrics(
        loss: 1 / Double(index + 1), learningRate: 2e-5 * Double(300 - index),
        gradientNorm: index % 3 == 0 ? nil : Double(index) * 1.1, samplesPerSecond: 1234.5,
        restarts: index / 100)
    }
    for (index, step) in steps.enumerated() { try metrics.record(step.scalars, step: index * 1000) }

    let reading = try await read(folder)
    #expect(Set(reading.scalars.keys) == Set(steps[1].scalars.keys))
    for (tag, points) in reading.scalars {
      let wanted = steps.enumerated().compactMap { index, step in
        step.scalars[tag].map { [Double(index * 1000), Double(Float($0))] }
      }
      #expect(points.map { Array($0.prefix(2)) } == wanted, "\(tag)")
      #expect(points.allSatisfy { before <= $0[2] && $0[2] <= Date.now.timeIntervalSince1970 })
    }
    #expect(
      reading.texts == [
        "hyperparameters": [
          "| option | value |\n|---|---|\n| epochs | 4 |\n| learning rate | 2e-5 |"
        ]
      ])
  }

  @Test(arguments: [1, 4, 11, 12, 20, 40])
  func truncatedRecordIsSkipped(missing: Int) async throws {
    let folder = try TestFolder()
    let file = try TensorBoardFile(folder.path)
    for step in 0..<10 { try file.record(["loss": Double(step)], step: step) }
    let size = try #require(FileManager.default.contents(atPath: file.path)).count
    truncate(file.path, off_t(size - missing))
    let reading = try await read(folder)
    #expect(reading.scalars["loss"]?.map { Int($0[0]) } == Array(0..<9))
  }

  @Test func resumedRunReplacesRepeatedSteps() async throws {
    let folder = try TestFolder()
    let first = try MetricsFolder(folder.path)
    for step in 0..<10 { try first.record(["loss": 1], step: step) }
    let second = try MetricsFolder(folder.path, resumedStep: 6)
    for step in 6..<12 { try second.record(["loss": 2], step: step) }
    let reading = try await read(folder)
    let points = try #require(reading.scalars["loss"])
    #expect(points.map { Int($0[0]) } == Array(0..<12))
    #expect(points.map { $0[1] } == Array(repeating: 1, count: 6) + Array(repeating: 2, count: 6))
    #expect(folder.text("metrics.jsonl")?.split(separator: "\n").count == 16)
  }
}
