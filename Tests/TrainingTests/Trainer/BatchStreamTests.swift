import Collectives
import DataLoading
import ProcessHarness
import RankHarness
import Testing
import Torch
import Training

@Suite struct BatchStreamTests {
  /// Samples that never end; each batch has two.
  private final class Numbers: Sequence, IteratorProtocol, Stateful {
    var index: Int
    let stride: Int
    init(_ rank: Int, of ranks: Int) {
      index = rank
      stride = ranks
    }

    func next() -> SmallJob.Batch? {
      defer { index += stride }
      let values = [index * 2, index * 2 + 1]
      let x = values.flatMap { value -> [Float] in
        (0..<4).map { column -> Float in Float((value * 37 + column * 11) % 50) / 25 - 1 }
      }
      return SmallJob.Batch(
        indices: values, x: Tensor(x, shape: [2, 4]),
        y: Tensor(values.map { Float($0 % 7) / 7 }, shape: [2, 1]))
    }

    func captureState() throws(TorchError) -> State {
      var state = State()
      try state.set(index, for: "index")
      return state
    }

    func restoreState(_ state: State) throws(TorchError) { index = try state.value("index") }
  }

  enum Kind: CaseIterable { case sequence, function, statefulFunction }

  private struct Run: Equatable {
    var weights: [[Float]] = []
    var seen: [Int] = []
    var epochs: [Int] = []
    var rates: [Double] = []
    var position = 0
  }

  private func train(
    _ kind: Kind, ranks: Int = 1, _ options: TrainerOptions, folder: String? = nil,
    stop: Int? = nil
  ) throws -> [Run] {
    try onRanks(ranks) { group in
      let job = try SmallJob(group)
      let numbers = Numbers(group.rank, of: group.worldSize)
      let stream =
        switch kind {
        case .sequence: BatchStream(numbers, stepsPerEpoch: 5)
        case .function: BatchStream(stepsPerEpoch: 5) { numbers.next() }
        case .statefulFunction:
          BatchStream(stepsPerEpoch: 5, source: numbers) { numbers.next() }
        }
      let trainer = try job.trainer(options)
      trainer.schedule = LearningRateScheduler(
        job.optimizer, LinearSchedule(numTrainingSteps: 10))
      var run = Run()
      if let folder {
        let snapshots = try Snapshots(
          folder, group: group,
          options: .init(policy: .init(steps: 1), warn: { _ in }, inform: { _ in }))
        try trainer.resume(from: snapshots, stream)
        run.position = numbers.index
      }
      trainer.callbacks = [
        TrainerCallback(
          stepEnded: {
            run.rates.append($0.learningRate)
            if $0.step == stop { throw StopTraining() }
          },
          epochEnded: { run.epochs.append($0.epoch) })
      ]
      try trainer.fit(stream) { model, batch in
        run.seen += batch.indices
        return try SmallJob.loss(model, batch)
      }
      run.weights = job.weights
      return run
    }
  }

  @Test(arguments: Kind.allCases)
  func epochsAreStepsOfAnEndlessStream(kind: Kind) throws {
    let run = try train(kind, TrainerOptions(.epochs(2), gradientAccumulation: 3))[0]
    #expect(run.seen == Array(0..<60), "10 steps of 3 batches of 2")
    #expect(run.epochs == [0, 1])
    #expect(run.rates.count == 10)
  }

  @Test(arguments: Kind.allCases, [1, 2])
  func resumedStreamContinuesAtItsPosition(kind: Kind, ranks: Int) throws {
    let options = TrainerOptions(.epochs(2), gradientAccumulation: 2)
    let whole = try train(kind, ranks: ranks, options)
    let folder = try TestFolder()
    let first = try train(kind, ranks: ranks, options, folder: folder.path, stop: 6)
    let second = try train(kind, ranks: ranks, options, folder: folder.path)
    for rank in 0..<ranks {
      #expect(first[rank].seen.count == 28)
      #expect(first[rank].seen + second[rank].seen == whole[rank].seen)
      #expect(first[rank].rates + second[rank].rates == whole[rank].rates)
      #expect(second[rank].weights == whole[rank].weights, "to the bit")
      #expect(second[rank].position == 14 * ranks + rank)
    }
  }

  @Test func otherNumberOfRanksIsRefused() throws {
    let folder = try TestFolder()
    _ = try train(.sequence, TrainerOptions(.steps(2)), folder: folder.path)
    let outcomes = attemptOnRanks(2) { [path = folder.path] group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.steps(4)))
      let snapshots = try Snapshots(path, group: group, options: .init(inform: { _ in }))
      let stream = BatchStream(Numbers(group.rank, of: 2), stepsPerEpoch: 5)
      try trainer.resume(from: snapshots, stream)
    }
    let error = #expect(throws: TrainingError.self) { try outcomes[0].get() }
    #expect(error?.message.contains("resume with the same number") == true)
  }

  @Test func streamThatEndsThrows() throws {
    let message = try onRanks(1) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(1)))
      let batches = Array(Numbers(0, of: 1).prefix(3))
      let error = #expect(throws: TrainingError.self) {
        try trainer.fit(BatchStream(batches, stepsPerEpoch: 5), loss: SmallJob.loss)
      }
      #expect(error?.code == .invalidArgument)
      return error?.message ?? ""
    }[0]
    #expect(message.contains("the stream ended after 3 batches on rank 0"), "\(message)")
  }

  @Test func globalBatchSizeIsRefused() throws {
    let message = try onRanks(1) { group in
      let job = try SmallJob(group)
      let trainer = try job.trainer(TrainerOptions(.epochs(1), globalBatchSize: 8))
      let stream = BatchStream(Numbers(0, of: 1), stepsPerEpoch: 5)
      let error = #expect(throws: TorchError.self) {
        try trainer.fit(stream, loss: SmallJob.loss)
      }
      return error?.message ?? ""
    }[0]
    #expect(message.contains("a stream does not state the size of its batches"), "\(message)")
  }
}
