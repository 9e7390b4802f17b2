/// The weights of a loss, which are a buffer of its module if there are any.
typealias LossWeight = Buffer?

extension LossWeight {
  /// Creates a buffer of weights.
  init(_ weight: Tensor?) { self = weight.map { Buffer(wrappedValue: $0) } }

  /// The weights.
  var tensor: Tensor? { self?.wrappedValue }
}
