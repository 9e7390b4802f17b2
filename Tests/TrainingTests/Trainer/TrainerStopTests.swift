import Glibc
import RankHarness
import Testing
import Torch
import Training
import Worker

@Suite struct TrainerStopTests {
  /// Runs in its own process, because signals are sent to it.
  @Test func fitTellsASignalFromACallback() async {
    await #expect(processExitsWith: .success) {
      func train(signal: Int?, callback: Int?) throws -> String {
        try onRanks(1) { group in
          let job = try SmallJob(group)
          let trainer = try job.trainer(TrainerOptions(.steps(6)))
          trainer.stop = StopRequest()
          trainer.callbacks = [
            TrainerCallback(stepEnded: { step in
              if step.step == signal { raise(SIGUSR1) }
              if step.step == callback { throw StopTraining() }
            })
          ]
          return
            "\(try trainer.fit(job.loader, loss: SmallJob.loss)) \(trainer.progress?.step ?? 0)"
        }[0]
      }
      let expected: [(signal: Int?, callback: Int?, end: String)] = [
        (nil, nil, "completed 6"), (2, nil, "stopRequested 3"), (nil, 2, "stoppedByCallback 3"),
        (3, 1, "stoppedByCallback 2"), (0, 4, "stopRequested 1"),
        // A callback that ends the training decides, because nothing is left to resume.
        (2, 2, "stoppedByCallback 3"),
      ]
      for (signal, callback, end) in expected {
        let result = try train(signal: signal, callback: callback)
        #expect(result == end)
      }
    }
  }
}
