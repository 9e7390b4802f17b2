package import Torch

/// Which parameters share a bucket: a pure function of their sizes and order.
///
/// The rules are those of PyTorch's `compute_bucket_assignment_by_size`, so that bucket contents
/// can be compared. Parameters of one type and device share buckets. A bucket is closed when it
/// reaches its limit, so it may exceed the limit by one parameter.
package struct BucketPlan: Equatable {
  /// The parameters of each bucket as indices, in the order of reduction.
  package var buckets: [[Int]]

  /// The properties of a parameter that the plan depends on.
  package struct Parameter: Hashable {
    package var byteCount: Int
    package var dtype: DType
    package var device: Device

    package init(byteCount: Int, dtype: DType, device: Device) {
      self.byteCount = byteCount
      self.dtype = dtype
      self.device = device
    }
  }

  /// The limit of the first bucket: small, so that communication starts early.
  package static let firstBucketBytes = 1 << 20
  /// The limit of the other buckets.
  package static let bucketBytes = 25 << 20

  /// Creates a plan while the order of gradients is unknown.
  ///
  /// Buckets are filled in the order of the parameters and then reversed, because gradients become
  /// ready roughly from the last parameter to the first. Parameters that are `delayed` share a
  /// bucket after all others, whatever its size.
  package init(parameters: [Parameter], limits: [Int], delayed: Set<Int> = []) {
    let order = parameters.indices.filter { !delayed.contains($0) }
    let closed = BucketPlan.assign(order, parameters, limits)
    buckets =
      closed.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }.reversed()
      + BucketPlan.assign(delayed.sorted(), parameters, [.max])
  }

  /// Creates a plan that follows the order in which gradients became ready.
  ///
  /// With `smallBucketIsLast` buckets are filled from the last gradient to the first, so that the
  /// first limit applies to the last bucket.
  package init(
    order: [Int], parameters: [Parameter], limits: [Int], smallBucketIsLast: Bool = false,
    delayed: Set<Int> = []
  ) {
    let late = order.filter(delayed.contains)
    let order = order.filter { !delayed.contains($0) }
    buckets =
      (smallBucketIsLast
        ? BucketPlan.assign(order.reversed(), parameters, limits).reversed()
        : BucketPlan.assign(order, parameters, limits))
      + BucketPlan.assign(late, parameters, [.max])
  }

  private static func assign(_ order: [Int], _ parameters: [Parameter], _ limits: [Int]) -> [[Int]]
  {
    struct Kind: Hashable {
      var dtype: DType
      var device: Device
    }
    struct Open {
      var members: [Int] = []
      var byteCount = 0
      var limitIndex = 0
    }
    var open: [Kind: Open] = [:]
    var kinds: [Kind] = []
    var closed: [[Int]] = []
    for index in order {
      let parameter = parameters[index]
      let kind = Kind(dtype: parameter.dtype, device: parameter.device)
      if open[kind] == nil { kinds.append(kind) }
      var bucket = open[kind] ?? Open()
      bucket.members.append(index)
      bucket.byteCount += parameter.byteCount
      if bucket.byteCount >= limits[bucket.limitIndex] {
        closed.append(bucket.members)
        bucket = Open(limitIndex: min(bucket.limitIndex + 1, limits.count - 1))
      }
      open[kind] = bucket
    }
    return closed + kinds.compactMap { open[$0]?.members }.filter { !$0.isEmpty }
  }
}

extension BucketPlan.Parameter {
  /// The properties of a tensor.
  package init(_ tensor: Tensor) {
    self.init(byteCount: tensor.byteCount, dtype: tensor.dtype, device: tensor.device)
  }
}
