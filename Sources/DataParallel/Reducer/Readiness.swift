/// Which buckets can be reduced: a state machine without effects.
///
/// A bucket is ready when all its gradients are; it is started when all buckets before it have been,
/// so that every rank starts the same collectives in the same order.
struct Readiness {
  /// What the arrival of a gradient leads to.
  enum Outcome: Equatable {
    /// These buckets can be started now, in this order.
    case start([Int])
    /// The gradient had already come in this backward pass.
    case repeated
  }

  private let bucketOf: [Int]
  private var pending: [Int]
  private var hasCome: [Bool]
  private var nextBucket = 0

  init(plan: BucketPlan, parameterCount: Int) {
    var bucketOf = [Int](repeating: 0, count: parameterCount)
    for (bucket, members) in plan.buckets.enumerated() {
      for member in members { bucketOf[member] = bucket }
    }
    self.bucketOf = bucketOf
    pending = plan.buckets.map(\.count)
    hasCome = [Bool](repeating: false, count: parameterCount)
  }

  /// Notes that a parameter's gradient has come.
  mutating func gradientCame(_ parameter: Int) -> Outcome {
    guard !hasCome[parameter] else { return .repeated }
    hasCome[parameter] = true
    pending[bucketOf[parameter]] -= 1
    let first = nextBucket
    while nextBucket < pending.count, pending[nextBucket] == 0 { nextBucket += 1 }
    return .start(Array(first..<nextBucket))
  }

  /// Whether all gradients of a bucket have come.
  func isFull(_ bucket: Int) -> Bool { pending[bucket] == 0 }

  /// Whether all buckets have been started.
  var isComplete: Bool { nextBucket == pending.count }

  /// Parameters whose gradients have not come.
  var missing: [Int] { hasCome.indices.filter { !hasCome[$0] } }
}
