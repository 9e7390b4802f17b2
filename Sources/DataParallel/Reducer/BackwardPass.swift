/// The state of one reduced pass, from the end of forward to the end of backward: which gradients
/// are ready, which reductions are running, and when each step happened.
///
/// A value without effects: ``Reducer`` reports events to it and performs what it decides.
package struct BackwardPass {
  /// The divisor of the gradients' sums.
  package let divisor: Int
  /// Whether backward has computed a gradient.
  package private(set) var hasStarted = false
  private var readiness: BucketReadiness
  /// The order in which backward completed the gradients, as parameter indices.
  package private(set) var readyOrder: [Int] = []
  /// The launched reductions, in the order of the buckets.
  package private(set) var reductions: [Reduction] = []
  /// The number of reductions whose results are in their buckets.
  package private(set) var finishedCount = 0
  /// `nil` if the step is not measured.
  package private(set) var times: StepTimes?

  /// Creates the state before the first gradient.
  ///
  /// - Parameters:
  ///   - readiness: The buckets, with no gradient ready.
  ///   - bucketCount: The number of buckets.
  ///   - divisor: The divisor of the gradients' sums.
  ///   - times: The times of the forward pass, if the step is measured.
  package init(readiness: BucketReadiness, bucketCount: Int, divisor: Int, times: StepTimes? = nil)
  {
    self.readiness = readiness
    self.divisor = divisor
    self.times = times
    self.times?.buckets = [StepTimes.Bucket](repeating: StepTimes.Bucket(), count: bucketCount)
  }

  // The clock is read only in measured steps.

  /// Backward computes its first gradient.
  package mutating func start(at now: @autoclosure () -> Int = StepTimes.now()) {
    hasStarted = true
    times?.firstGradient = now()
  }

  /// Backward completed a gradient.
  package mutating func appendToReadyOrder(_ parameter: Int) { readyOrder.append(parameter) }

  /// A parameter's gradient is final on this rank, or known to be absent.
  package mutating func markReady(_ parameter: Int) -> BucketReadiness.Outcome {
    readiness.markReady(parameter)
  }

  /// A gradient is in its bucket.
  package mutating func gradientStored(
    _ parameter: Int, at now: @autoclosure () -> Int = StepTimes.now()
  ) {
    guard times != nil, let bucket = readiness.readyBucket(of: parameter) else { return }
    times?.buckets[bucket].ready = now()
  }

  /// Whether all gradients are ready.
  package var isComplete: Bool { readiness.isComplete }

  /// The parameters whose gradients are not ready.
  package var pendingParameters: [Int] { readiness.pendingParameters }

  /// The next reduction is about to be launched.
  package mutating func willLaunch(at now: @autoclosure () -> Int = StepTimes.now()) {
    times?.buckets[reductions.count].started = now()
  }

  /// The next reduction is running.
  package mutating func didLaunch(_ reduction: Reduction) { reductions.append(reduction) }

  /// Records which reductions have completed since the last call.
  package mutating func recordCompletions(at now: @autoclosure () -> Int = StepTimes.now()) {
    guard times != nil else { return }
    for (bucket, reduction) in reductions.enumerated()
    where times?.buckets[bucket].done == 0 && reduction.isCompleted {
      times?.buckets[bucket].done = now()
    }
  }

  /// The first reduction whose result is not in its bucket yet.
  package var nextUnfinished: Reduction? {
    finishedCount < reductions.count ? reductions[finishedCount] : nil
  }

  /// The reductions whose results are not in their buckets yet.
  package var unfinishedReductions: ArraySlice<Reduction> { reductions[finishedCount...] }

  /// The collectives of the next reduction have completed.
  package mutating func nextCompleted(at now: @autoclosure () -> Int = StepTimes.now()) {
    if times?.buckets[finishedCount].done == 0 { times?.buckets[finishedCount].done = now() }
  }

  /// The result of the next reduction is in its bucket.
  package mutating func nextFinished() { finishedCount += 1 }

  /// Backward has computed its last gradient.
  package mutating func computationEnded(at now: @autoclosure () -> Int = StepTimes.now()) {
    times?.computeEnd = now()
  }

  /// All gradients are averaged.
  ///
  /// - Returns: The times of the step, if it is measured.
  package mutating func end(at now: @autoclosure () -> Int = StepTimes.now()) -> StepTimes? {
    times?.end = now()
    return times
  }

  /// Stops measuring the step.
  package mutating func discardTimes() { times = nil }
}
