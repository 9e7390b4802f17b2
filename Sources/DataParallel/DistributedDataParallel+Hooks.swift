public import Collectives
public import Torch

extension DistributedDataParallel {
  /// Combines gradients with a hook instead of averaging them (`register_comm_hook`).
  ///
  /// - Parameter hook: A new hook of the same type on every rank.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` if a hook is registered already.
  public func registerCommunicationHook(_ hook: any CommunicationHook) throws(CollectiveError) {
    if let present = reducer.hook {
      throw CollectiveError(
        .invalidArgument,
        "the model has the communication hook '\(present.name)' already: combine it and "
          + "'\(hook.name)' in one hook",
        rank: group.rank)
    }
    reducer.hook = hook
  }

  /// Combines gradients with a closure; see ``CommunicationHook/reduce(_:over:)``.
  ///
  /// ```swift
  /// try model.registerCommunicationHook(named: "sum") { bucket, group in
  ///   try Reduction(summing: bucket.buffer, over: group)
  /// }
  /// ```
  /// - Throws: ``CollectiveError`` with code `invalidArgument` if a hook is registered already.
  public func registerCommunicationHook(
    named name: String,
    _ body: @escaping (GradientBucket, any ProcessGroup) throws -> Reduction
  ) throws(CollectiveError) {
    try registerCommunicationHook(ClosureHook(name, body))
  }

  /// Synchronizes the model's buffers with a closure instead of copying rank 0's
  /// (`_register_buffer_comm_hook`).
  ///
  /// - Parameters:
  ///   - location: When the closure runs in training.
  ///   - body: Receives the buffers with their names, and overwrites them.
  public func registerBufferHook(
    _ location: BufferHookLocation = .afterForward,
    _ body: @escaping (_ buffers: [(name: String, tensor: Tensor)]) throws -> Void
  ) {
    bufferHook = (location, body)
  }

  /// Runs an optimizer while backward is still running (`_register_fused_optim`).
  ///
  /// The parameters of a bucket are updated as soon as their gradients are averaged; do not call
  /// the optimizer's `step`. The updated values are bitwise equal to those of `step`. With
  /// `findsUnusedParameters` the updates run at the end of backward. Do not use it if gradients are
  /// scaled or clipped: that requires all gradients before the first update.
  ///
  /// - Parameter optimizer: An optimizer of this model's parameters.
  public func overlap(_ optimizer: any Optimizer) {
    reducer.onFinalGradients = { try optimizer.step(only: $0) }
  }

  func runBufferHook(_ location: BufferHookLocation) throws(CollectiveError) {
    guard let bufferHook, bufferHook.location == location, reducer.isSynchronizing else { return }
    let buffers = withoutIgnored(module.namedBuffers)
    try asCollectiveError { try noGrad { try bufferHook.body(buffers) } }
  }
}

/// When a buffer hook runs.
public enum BufferHookLocation: Sendable {
  /// Before each forward pass in training.
  case beforeForward
  /// After each forward pass in training.
  case afterForward
}

extension Optimizer {
  /// Updates only these parameters.
  func step(only parameters: [Tensor]) throws {
    let selected = Set(parameters.map { ObjectIdentifier($0) })
    let all = groups
    defer { groups = all }
    groups = all.map { group in
      var part = group
      part.parameters = group.parameters.filter { selected.contains(ObjectIdentifier($0)) }
      return part
    }
    try step()
  }
}
