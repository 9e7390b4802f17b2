internal import Support
public import Torch

/// Batches from any sequence or function, such as a generator or a stream that never ends.
///
/// ```swift
/// let stream = BatchStream(stepsPerEpoch: 1000) { try generator.nextBatch() }
/// try trainer.resume(from: snapshots, stream)
/// try trainer.fit(stream) { model, batch in … }
/// ```
/// Each rank has its own stream, with its own share of the data. It continues over all epochs: an
/// epoch is a number of steps. To read a finite data set repeatedly, use a loader.
///
/// Snapshots include the position: the state of the source, if it is `Stateful`. Otherwise a
/// resumed run draws as many batches as were used and discards them, so the source must start at
/// the beginning and repeat the same batches.
///
/// Not thread-safe.
public final class BatchStream<Batch> {
  /// The number of optimizer steps in an epoch.
  public let stepsPerEpoch: Int
  /// The number of batches that were drawn.
  public private(set) var drawn = 0

  private let source: (any Stateful)?
  private let draw: () throws -> Batch?

  /// Creates a stream from a function.
  ///
  /// - Parameters:
  ///   - stepsPerEpoch: The number of optimizer steps in an epoch, at least 1.
  ///   - source: Saves and restores the position of `next`; `nil` to draw batches again.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///   - next: Returns the next batch; `nil` at the end, which training must not reach.
  public init(
    stepsPerEpoch: Int, source: (any Stateful)? = nil, file: StaticString = #fileID,
    line: UInt = #line, next: @escaping () throws -> Batch?
  ) {
    require(
      stepsPerEpoch >= 1, "BatchStream: stepsPerEpoch is \(stepsPerEpoch); use 1 or more",
      file: file, line: line)
    self.stepsPerEpoch = stepsPerEpoch
    self.source = source
    draw = next
  }

  /// Creates a stream from a sequence, whose state is saved if the sequence is `Stateful`.
  ///
  /// - Parameters:
  ///   - batches: The batches of this rank. A `Stateful` sequence is an object that its iterator
  ///     advances.
  ///   - stepsPerEpoch: The number of optimizer steps in an epoch, at least 1.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  public convenience init<Batches: Sequence>(
    _ batches: Batches, stepsPerEpoch: Int, file: StaticString = #fileID, line: UInt = #line
  ) where Batches.Element == Batch {
    var iterator: Batches.Iterator?
    self.init(
      stepsPerEpoch: stepsPerEpoch, source: batches as? any Stateful, file: file, line: line
    ) {
      // Created late, after a `Stateful` sequence was restored.
      if iterator == nil { iterator = batches.makeIterator() }
      return iterator?.next()
    }
  }

  /// Draws the next batch.
  func next() throws -> Batch? {
    let batch = try draw()
    if batch != nil { drawn += 1 }
    return batch
  }
}

extension BatchStream: ReshardableState {
  /// Returns the number of drawn batches and the state of the source.
  public func captureState() throws(TorchError) -> State {
    var state = try source?.captureState() ?? State()
    try state.set(drawn, for: BatchStreamKeys.drawn)
    try state.set(source != nil, for: BatchStreamKeys.isStateful)
    return state
  }

  /// Restores the source, or draws batches until the saved position.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the source ends before it, is beyond it, or
  ///   the saved stream was of another kind.
  public func restoreState(_ state: State) throws(TorchError) {
    var state = state
    let saved = try state.value(BatchStreamKeys.drawn, as: Int.self)
    let isStateful = try state.value(BatchStreamKeys.isStateful, as: Bool.self)
    guard isStateful == (source != nil) else {
      throw TorchError(
        .mismatch,
        "the stream's source \(isStateful ? "was" : "was not") Stateful when it was saved, but "
          + "\(isStateful ? "is not" : "is") now")
    }
    if let source {
      state.values[BatchStreamKeys.drawn] = nil
      state.values[BatchStreamKeys.isStateful] = nil
      try source.restoreState(state)
      drawn = saved
      return
    }
    guard drawn <= saved else {
      throw TorchError(
        .mismatch,
        "\(drawn) batches were drawn from the stream, but the saved position is \(saved): resume "
          + "before the first batch is drawn")
    }
    while drawn < saved {
      let batch: Batch?
      do {
        batch = try next()
      } catch {
        throw TorchError(.mismatch, "the stream failed before the saved position: \(error)")
      }
      guard batch != nil else {
        throw TorchError(
          .mismatch,
          "the stream ended after \(drawn) batches, but the saved position is \(saved)")
      }
    }
  }

  /// Throws: another number of ranks has other streams.
  public func restoreState(fromShards states: [State]) throws(TorchError) {
    throw TorchError(
      .mismatch,
      "a stream of batches cannot be distributed over another number of ranks; resume with the "
        + "same number, or use a DataLoader")
  }
}

/// The names of a stream's values in its state.
private enum BatchStreamKeys {
  static let drawn = "drawn batches"
  static let isStateful = "has a stateful source"
}
