/// Decides which buckets can be reduced.
///
/// A bucket is ready when all its gradients are. It is launched when all buckets before it have
/// been, so that every rank starts the same collectives in the same order.
package struct BucketReadiness {
  /// The result of a gradient that becomes ready.
  package enum Outcome: Equatable {
    /// Launch these buckets in order; the range may be empty.
    case launch(Range<Int>)
    /// The gradient was ready before, in the same backward pass.
    case readyTwice
  }

  private let bucketOf: [Int]
  /// The number of gradients that each bucket still waits for.
  private var pendingCounts: [Int]
  private var isReady: [Bool]
  private var nextBucket = 0

  /// Creates the state before the first gradient.
  package init(plan: BucketPlan) {
    pendingCounts = plan.buckets.map(\.count)
    let parameterCount = pendingCounts.reduce(0, +)
    var bucketOf = [Int](repeating: 0, count: parameterCount)
    for (bucket, members) in plan.buckets.enumerated() {
      for member in members { bucketOf[member] = bucket }
    }
    self.bucketOf = bucketOf
    isReady = [Bool](repeating: false, count: parameterCount)
  }

  /// Marks a parameter's gradient as ready.
  package mutating func markReady(_ parameter: Int) -> Outcome {
    guard !isReady[parameter] else { return .readyTwice }
    isReady[parameter] = true
    pendingCounts[bucketOf[parameter]] -= 1
    let first = nextBucket
    while nextBucket < pendingCounts.count, pendingCounts[nextBucket] == 0 { nextBucket += 1 }
    return .launch(first..<nextBucket)
  }

  /// The bucket of a parameter if all gradients of that bucket are ready.
  package func readyBucket(of parameter: Int) -> Int? {
    let bucket = bucketOf[parameter]
    return pendingCounts[bucket] == 0 ? bucket : nil
  }

  /// Whether all gradients are ready.
  package var isComplete: Bool { nextBucket == pendingCounts.count }

  /// The parameters whose gradients are not ready.
  package var pendingParameters: [Int] { isReady.indices.filter { !isReady[$0] } }
}
