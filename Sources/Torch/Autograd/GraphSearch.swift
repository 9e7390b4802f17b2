internal import CTorch

/// Returns which leaves a backward pass would reach.
///
/// - Parameters:
///   - roots: The tensors from which backward would start. Tensors without a graph reach no leaf.
///   - leaves: Tensors that require a gradient and are not results of recorded operators.
/// - Returns: For each leaf, whether any root reaches it.
public func backwardReaches(from roots: [Tensor], _ leaves: [Tensor]) -> [Bool] {
  var reached = [Bool](repeating: false, count: leaves.count)
  withExtendedLifetime((roots, leaves)) {
    check(
      ct_graph_reaches(
        roots.map(\.handle), roots.count, leaves.map(\.handle), leaves.count, &reached),
      "backwardReaches from \(roots.count) tensors")
  }
  return reached
}

/// Finds the tensors in a value: the value itself, its elements and stored properties, recursively.
///
/// - Parameter value: Any value. Class instances other than tensors are not searched.
/// - Returns: The tensors in the order in which they are stored.
public func tensors(in value: Any) -> [Tensor] {
  if let tensor = value as? Tensor { return [tensor] }
  let mirror = Mirror(reflecting: value)
  guard mirror.displayStyle != .class else { return [] }
  return mirror.children.flatMap { tensors(in: $0.value) }
}
