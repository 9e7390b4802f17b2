import Collectives
import DataParallel
import RankHarness
import Testing
import Torch

/// A peer that is lost in a module or an optimizer is a thrown error on the survivors.
@Suite struct LostPeerTests {
  private static let backends: [ProcessGroupBackend] = [.gloo, .sharedMemory]

  /// Runs three ranks, of which rank 1 leaves after `prepare`, and the others continue.
  ///
  /// - Returns: The error of `body` on each surviving rank.
  private func survivorErrors<Context>(
    _ backend: ProcessGroupBackend,
    prepare: @escaping @Sendable (any ProcessGroup) throws -> Context,
    body: @escaping @Sendable (Context) throws -> Void
  ) throws -> [CollectiveError] {
    let start = ContinuousClock.now
    let results = attemptOnRanks(3, over: backend, timeout: .seconds(10)) { group in
      let context = try prepare(group)
      // A survivor that meets the loss fails the group for all, even a rank that still prepares.
      try group.store.set("prepared \(group.rank)", [])
      try group.store.wait((0..<3).map { "prepared \($0)" })
      guard group.rank != 1 else { return nil as CollectiveError? }
      do {
        try body(context)
        return nil
      } catch let error as CollectiveError {
        return error
      }
    }
    #expect(ContinuousClock.now - start < .seconds(30))
    return try results.compactMap { try $0.get() }
  }

  private func expectLoss(_ errors: [CollectiveError]) {
    #expect(errors.count == 2)
    // Gloo reports to a rank without a connection to the lost one only that another rank gave up.
    for error in errors {
      #expect([.peerLost, .timedOut, .failed].contains(error.code), "\(error)")
    }
    #expect(errors.contains { $0.code == .peerLost }, "\(errors)")
  }

  private static func synchronized(_ group: any ProcessGroup) -> ImageNetwork {
    let model = ImageNetwork()
    SyncBatchNorm.convert(model, group: group)
    return model
  }

  @Test(arguments: backends)
  func forwardOfSyncBatchNormThrowsAndChangesNoBuffer(backend: ProcessGroupBackend) throws {
    @Sendable func buffers(_ model: ImageNetwork) -> [[Float]] {
      model.namedBuffers.map { $0.tensor.to(.float32).array() }
    }
    let errors = try survivorErrors(backend) { group in
      let model = Self.synchronized(group)
      _ = try group.allReduce([1])
      return model
    } body: { model in
      defer { #expect(buffers(model) == [[0, 0, 0, 0], [1, 1, 1, 1], [0]]) }
      _ = try model(images([0, 1]))
    }
    expectLoss(errors)
  }

  @Test(arguments: backends)
  func forwardOfAWrappedModelThrows(backend: ProcessGroupBackend) throws {
    let errors = try survivorErrors(backend) { group in
      // Without buffers to copy, the first collective of a pass is that of the normalization.
      let model = try DistributedDataParallel(
        Self.synchronized(group), group: group,
        options: DistributedDataParallelOptions(broadcastsBuffers: false))
      try (try model(images([group.rank]))).sum().backward()
      return model
    } body: { model in
      _ = try model(images([0]))
    }
    expectLoss(errors)
  }

  @Test(arguments: backends)
  func backwardOfSyncBatchNormThrows(backend: ProcessGroupBackend) throws {
    let errors = try survivorErrors(backend) { group in
      try Self.synchronized(group)(images([group.rank])).sum()
    } body: { loss in
      try loss.backward()
    }
    expectLoss(errors)
  }

  @Test(arguments: backends)
  func aCheckpointedSyncBatchNormThrows(backend: ProcessGroupBackend) throws {
    let errors = try survivorErrors(backend) { group in
      let model = Self.synchronized(group)
      // Its collective runs again in backward, where the peer is gone.
      return try checkpointed(images([group.rank])) { try model($0) }.sum()
    } body: { loss in
      try loss.backward()
    }
    expectLoss(errors)
  }

  @Test(arguments: backends)
  func stepOfZeroRedundancyOptimizerThrows(backend: ProcessGroupBackend) throws {
    let errors = try survivorErrors(backend) { group in
      let model = try DistributedDataParallel(Network(seed: 0), group: group)
      let optimizer = ZeroRedundancyOptimizer(
        [ParameterGroup(model.module.parameters, learningRate: 0.1)], group: group
      ) { AdamW($0) }
      let (x, y) = batch([group.rank])
      try mseLoss(try model(x), y).backward()
      return (model, optimizer)
    } body: { _, optimizer in
      // Through the protocol, as `Trainer` calls it.
      let anyOptimizer: any Optimizer = optimizer
      try anyOptimizer.step()
    }
    expectLoss(errors)
  }

  @Test(arguments: backends)
  func stepOfPostLocalSGDOptimizerThrows(backend: ProcessGroupBackend) throws {
    let errors = try survivorErrors(backend) { group in
      let model = Network(seed: 0)
      let (x, y) = batch([group.rank])
      try mseLoss(try model(x), y).backward()
      let optimizer = PostLocalSGDOptimizer(
        SGD(model.parameters, learningRate: 0.1),
        try PeriodicModelAverager(period: 1, group: group))
      _ = try group.allReduce([1])
      return optimizer
    } body: { optimizer in
      try optimizer.step()
    }
    expectLoss(errors)
  }
}
