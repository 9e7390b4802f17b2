public import Collectives
public import Torch

extension DistributedDataParallel {
  /// Lets a hook combine gradients, in place of averaging (`register_comm_hook`).
  ///
  /// - Parameter hook: A new one of the same kind on every rank.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when there is one already.
  public func registerCommunicationHook(_ hook: any CommunicationHook) throws(CollectiveError) {
    if let present = reducer.hook {
      throw CollectiveError(
        .invalidArgument,
        "this model has the communication hook '\(present.name)' already, and takes one only: wrap "
          + "'\(hook.name)' and it into one hook",
        rank: group.rank)
    }
    reducer.hook = hook
  }

  /// Lets a closure combine gradients; see ``CommunicationHook/reduce(_:over:)``.
  ///
  /// ```swift
  /// try model.registerCommunicationHook(named: "sum") { bucket, group in
  ///   try Reduction(summing: bucket.buffer, over: group)
  /// }
  /// ```
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when there is a hook already.
  public func registerCommunicationHook(
    named name: String,
    _ body: @escaping (GradientBucket, any ProcessGroup) throws -> Reduction
  ) throws(CollectiveError) {
    try registerCommunicationHook(ClosureHook(name, body))
  }

  /// Lets a closure bring the buffers of the ranks together, in place of copying rank 0's
  /// (`_register_buffer_comm_hook`).
  ///
  /// - Parameters:
  ///   - place: When it runs, in training.
  ///   - body: Is given the buffers with their names, and overwrites them.
  public func registerBufferHook(
    _ place: BufferHookPlace = .afterForward,
    _ body: @escaping (_ buffers: [(name: String, tensor: Tensor)]) throws -> Void
  ) {
    bufferHook = (place, body)
  }

  /// Lets an optimizer update parameters while backward still runs (`_register_fused_optim`): those of
  /// a bucket as soon as their gradients are averaged.
  ///
  /// Do not call its `step` then; its updates are the same to the bit. With unused parameters they are
  /// made at the end of backward. Scaled or clipped gradients need all of them first: do not overlap.
  ///
  /// - Parameter optimizer: Holds parameters of this model.
  public func overlap(_ optimizer: any Optimizer) {
    reducer.whenFinal = { optimizer.step(only: $0) }
  }

  func runBufferHook(_ place: BufferHookPlace) throws(CollectiveError) {
    guard let bufferHook, bufferHook.place == place, reducer.isSynchronizing else { return }
    let buffers = kept(module.namedBuffers)
    try asCollectiveError { try withoutGradients { try bufferHook.body(buffers) } }
  }
}

/// When a buffer hook runs.
public enum BufferHookPlace: Sendable {
  /// Before each forward pass in training.
  case beforeForward
  /// After it.
  case afterForward
}

extension Optimizer {
  /// Updates some of the parameters only.
  func step(only parameters: [Tensor]) {
    let chosen = Set(parameters.map { ObjectIdentifier($0) })
    let all = groups
    defer { groups = all }
    groups = all.map { group in
      var part = group
      part.parameters = group.parameters.filter { chosen.contains(ObjectIdentifier($0)) }
      return part
    }
    step()
  }
}
