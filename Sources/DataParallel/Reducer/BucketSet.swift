internal import Collectives
internal import Torch

/// The buckets of a model.
struct BucketSet {
  /// Which parameters share a bucket.
  let plan: BucketPlan
  /// The order of gradients that the buckets follow; `nil` if they follow the order of the
  /// parameters.
  let order: [Int]?
  /// In the order of reduction.
  let buckets: [Bucket]
  /// For each parameter, the view into its bucket.
  let gradientViews: [Tensor]
  /// The state of the buckets before the first gradient of a pass.
  let readiness: BucketReadiness

  /// Allocates the buckets of a plan.
  init(_ plan: BucketPlan, order: [Int]? = nil, parameters: [Tensor], group: any ProcessGroup) {
    self.plan = plan
    self.order = order
    buckets = plan.buckets.map { Bucket(members: $0, parameters: parameters, group: group) }
    var views = parameters
    for bucket in buckets {
      for (member, view) in zip(bucket.members, bucket.views) { views[member] = view }
    }
    gradientViews = views
    readiness = BucketReadiness(plan: plan)
  }
}
