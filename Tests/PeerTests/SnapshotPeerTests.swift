import DataLoading
import Foundation
import ProcessHarness
import Testing
import Torch
import Training

@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct SnapshotPeerTests {
  private struct Reading: Decodable {
    var step: Int
    var weight: [Float]
    var draws: [Float]
  }

  /// Writes the snapshot in another process, because all tests share libtorch's generator.
  @Test func pythonReadsASnapshotAndContinuesItsGenerator() async throws {
    let folder = try TestFolder()
    await #expect(processExitsWith: .success) { [path = folder.path as String] in
      manualSeed(3)
      let model = Linear(3, 2)
      let snapshots = try Snapshots(path)
      var progress = TrainingProgress(RandomSampler(count: 10).position)
      progress.finishStep(samples: 4)
      try snapshots.save(progress, ["model": model])
      try snapshots.finish()
      let found =
        model.weight.array(of: Float.self) + Tensor.randn([5]).array(of: Float.self)
      try JSONEncoder().encode(found).write(to: URL(fileURLWithPath: "\(path)/expected.json"))
    }
    let expected = try JSONDecoder().decode(
      [Float].self, from: try #require(folder.data("expected.json")))
    let output = try await Peers.run("read_snapshot.py", [folder.file("step-000000001")])
    let reading = try Peers.decode(Reading.self, output)
    #expect(reading.step == 1)
    #expect(reading.weight + reading.draws == expected)
  }
}
