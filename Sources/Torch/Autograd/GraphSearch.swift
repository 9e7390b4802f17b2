internal import CTorch

/// Which leaves backward from some tensors would reach.
///
/// - Parameters:
///   - roots: Where backward would start; those without a graph reach nothing.
///   - leaves: Tensors that require a gradient and were not made by a recorded operator.
/// - Returns: A truth value for each leaf.
public func backwardReaches(from roots: [Tensor], _ leaves: [Tensor]) -> [Bool] {
  var reached = [Bool](repeating: false, count: leaves.count)
  withExtendedLifetime((roots, leaves)) {
    check(
      ct_graph_reaches(
        roots.map(\.handle), roots.count, leaves.map(\.handle), leaves.count, &reached),
      "search in the graph of \(roots.count) tensors")
  }
  return reached
}

/// The tensors in any value: itself, elements of lists, tuples and dictionaries, stored properties.
///
/// - Parameter value: Classes other than tensors are not looked into.
/// - Returns: The tensors in the order in which they are stored.
public func tensors(in value: Any) -> [Tensor] {
  if let tensor = value as? Tensor { return [tensor] }
  let mirror = Mirror(reflecting: value)
  guard mirror.displayStyle != .class else { return [] }
  return mirror.children.flatMap { tensors(in: $0.value) }
}
