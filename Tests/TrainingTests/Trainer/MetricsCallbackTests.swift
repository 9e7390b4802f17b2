import RankHarness
import Testing
import Training

@Suite struct MetricsCallbackTests {
  private final class Recorder: MetricsSink {
    var lines: [(step: Int, scalars: [String: Double])] = []
    func record(_ scalars: [String: Double], step: Int) throws(TrainingError) {
      lines.append((step, scalars))
    }
    func record(hyperparameters: [String: String]) throws(TrainingError) {}
  }

  /// 6 steps in an epoch, with an evaluation after 4 of them and at the end.
  @Test func everyStepHasItsLossAndRate() throws {
    let results = try onRanks(1) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(
        TrainerOptions(.epochs(1), evaluationInterval: 4, maxGradientNorm: .infinity))
      trainer.evaluation = { [unowned trainer] _ in
        ["score": Double(trainer.progress?.step ?? 0)]
      }
      let recorder = Recorder()
      var losses: [Double] = []
      trainer.callbacks = [
        TrainerCallback(recording: recorder, worldSize: 1, restarts: 2),
        TrainerCallback(stepEnded: { losses.append($0.loss) }),
      ]
      try trainer.fit(job.loader, loss: SmallJob.loss)
      return [(recorder.lines.map(\.step), recorder.lines.map(\.scalars), losses)]
    }[0]
    for (steps, scalars, losses) in results {
      #expect(steps == [0, 1, 2, 3, 3, 4, 5, 5, 5])
      let trained = scalars.filter { $0["train/loss"] != nil }
      #expect(trained.map { $0["train/loss"] } == losses.map(Optional.some))
      #expect(losses.count == 6)
      for line in trained {
        #expect(line["train/learning_rate"] == 0.1)
        #expect(line["job/restarts"] == 2)
        #expect(line["train/gradient_norm"] ?? 0 > 0)
        #expect(line["train/samples_per_second"] ?? 0 > 0)
      }
      #expect(scalars[4] == ["evaluation/score": 4])
      #expect(scalars[7] == ["evaluation/score": 6])
      #expect(abs((scalars[8]["train/epoch_loss"] ?? 0) - losses.reduce(0, +) / 6) < 1e-12)
    }
  }
}
