import DataParallel
import Testing
import Torch

private func parameters(_ byteCounts: [Int], _ dtypes: [DType] = []) -> [BucketPlan.Parameter] {
  byteCounts.enumerated().map { index, count in
    BucketPlan.Parameter(
      byteCount: count, dtype: index < dtypes.count ? dtypes[index] : .float32, device: .cpu)
  }
}

/// Expectations that name PyTorch are what `torch.distributed._compute_bucket_assignment_by_size`
/// (2.13) returns for the same sizes, reversed where no order is given.
@Suite struct BucketPlanTests {
  @Test func aBucketIsClosedOnceItHasReachedItsLimit() {
    #expect(
      BucketPlan(parameters: parameters([10, 10, 10, 10, 10]), limits: [20]).buckets
        == [[4], [2, 3], [0, 1]])
    #expect(
      BucketPlan(parameters: parameters([30, 5, 30]), limits: [20]).buckets == [[1, 2], [0]])
  }

  @Test func theFirstLimitHoldsForTheFirstBucketOfEachType() {
    let plan = BucketPlan(
      order: [0, 1, 2, 3, 4, 5],
      parameters: parameters(
        [10, 10, 10, 10, 10, 10], [.float32, .float64, .float32, .float64, .float32, .float64]),
      limits: [10, 20])
    #expect(plan.buckets == [[0], [1], [2, 4], [3, 5]])
  }

  @Test func theGivenOrderIsKept() {
    #expect(
      BucketPlan(order: [3, 1, 0, 2], parameters: parameters([10, 10, 10, 10]), limits: [20])
        .buckets == [[3, 1], [0, 2]])
  }

  @Test func withoutALimitThereIsOneBucketForEachType() {
    let plan = BucketPlan(
      parameters: parameters([1, 2, 3, 4], [.float32, .float64, .float64, .float32]),
      limits: [.max])
    #expect(plan.buckets == [[1, 2], [0, 3]])
  }

  @Test func delayedParametersShareTheLastBucket() {
    let sizes = parameters([10, 10, 10, 10, 10])
    #expect(
      BucketPlan(parameters: sizes, limits: [20], delayed: [4, 1]).buckets
        == [[3], [0, 2], [1, 4]])
    #expect(
      BucketPlan(order: [4, 3, 2, 1, 0], parameters: sizes, limits: [20], delayed: [1, 4]).buckets
        == [[3, 2], [0], [4, 1]])
  }
}

@Suite struct BucketReadinessTests {
  private let plan = BucketPlan(
    order: [0, 1, 2, 3], parameters: parameters([10, 10, 10, 10]), limits: [20])

  @Test func aBucketWaitsForEarlierBuckets() {
    var readiness = BucketReadiness(plan: plan)
    #expect(readiness.markReady(2) == .launch(0..<0))
    #expect(readiness.markReady(3) == .launch(0..<0))
    #expect(readiness.markReady(0) == .launch(0..<0))
    #expect(readiness.pendingParameters == [1])
    #expect(!readiness.isComplete)
    #expect(readiness.markReady(1) == .launch(0..<2))
    #expect(readiness.isComplete)
  }

  @Test func aGradientThatIsReadyTwiceIsReported() {
    var readiness = BucketReadiness(plan: plan)
    #expect(readiness.markReady(1) == .launch(0..<0))
    #expect(readiness.markReady(1) == .readyTwice)
  }

  /// Whatever the order of gradients, buckets start in order and each once.
  @Test func everyOrderStartsEveryBucketOnceInOrder() {
    func permutations(_ rest: [Int]) -> [[Int]] {
      rest.isEmpty
        ? [[]]
        : rest.flatMap { first in
          permutations(rest.filter { $0 != first }).map { [first] + $0 }
        }
    }
    for order in permutations([0, 1, 2, 3]) {
      var readiness = BucketReadiness(plan: plan)
      let started = order.flatMap { parameter -> [Int] in
        guard case .launch(let buckets) = readiness.markReady(parameter) else { return [-1] }
        return Array(buckets)
      }
      #expect(started == [0, 1])
    }
  }
}
