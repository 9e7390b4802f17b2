/// Which parameters take part in backward passes.
///
/// There are three modes. By default all parameters take part once in every pass. With
/// `findsUnusedParameters` the graph is searched after each forward pass, and the ranks exchange
/// which parameters they used. With `staticGraph` every pass has the same graph: the first pass
/// counts the gradients of each parameter, and reduces all buckets at its end.
package struct ParameterUsage {
  /// What a gradient means for its parameter.
  package enum Arrival {
    /// The gradient is complete.
    case ready
    /// More gradients follow, or this is the first pass of a static graph, which only counts.
    case pending
    /// More gradients arrived than in the first pass of a static graph.
    case graphChanged
  }

  /// Whether the graph is searched after forward (`findsUnusedParameters`).
  package let searchesGraph: Bool
  private let isStatic: Bool
  private let skipsUnused: Bool
  /// For each parameter, whether it got a gradient on this rank since gradients were last averaged.
  package private(set) var isUsed: [Bool]
  /// For each parameter, whether any rank used it in the last pass that exchanged usage.
  private var isUsedGlobally: [Bool]
  /// The parameters that get no gradient in this pass, as known before backward.
  package private(set) var expectedUnused: [Int] = []
  /// The number of gradients of each parameter in a pass of a static graph; `nil` in the first
  /// pass.
  private var gradientCounts: [Int]?
  /// For each parameter, the number of gradients that have not arrived yet; in the first pass of a
  /// static graph, the number that have arrived.
  private var counter: [Int]
  private var hasReducedStaticGraph = false

  /// Creates the state before the first pass.
  package init(count: Int, _ options: DistributedDataParallelOptions) {
    searchesGraph = options.findsUnusedParameters && !options.staticGraph
    isStatic = options.staticGraph
    skipsUnused = options.skipsUnusedBuckets && searchesGraph
    isUsed = [Bool](repeating: false, count: count)
    isUsedGlobally = isUsed
    counter = [Int](repeating: 0, count: count)
  }

  /// Whether buckets may follow the order of the last pass's gradients: it is complete and will not
  /// change.
  package var canRebuildBuckets: Bool { !searchesGraph && (!isStatic || hasReducedStaticGraph) }

  /// Whether this pass only counts gradients and reduces all buckets at its end.
  package var isFirstPassOfStaticGraph: Bool { isStatic && gradientCounts == nil }

  /// Whether the ranks exchange which parameters they used in this pass.
  package var isExchanged: Bool { searchesGraph || isFirstPassOfStaticGraph }

  /// Whether the exchange is before the first bucket rather than after the last one.
  package var isExchangedEarly: Bool { skipsUnused }

  /// A pass that averages gradients begins.
  package mutating func beginPass() {
    guard let gradientCounts else { return expectedUnused = [] }
    expectedUnused = gradientCounts.indices.filter { gradientCounts[$0] == 0 }
    counter = gradientCounts
  }

  /// Sets the result of the search: for each parameter, whether backward reaches it.
  package mutating func expect(_ isReached: [Bool]) {
    expectedUnused = isReached.indices.filter { !isReached[$0] }
  }

  /// For each parameter, whether this rank uses it, as known before backward.
  package var expectedUsed: [Bool] {
    var used = [Bool](repeating: true, count: isUsed.count)
    for index in expectedUnused where !isUsed[index] { used[index] = false }
    return used
  }

  /// Records that a parameter got a gradient, in a pass that averages or not.
  package mutating func markUsed(_ index: Int) { isUsed[index] = true }

  /// A gradient arrives in a pass that averages.
  package mutating func gradientArrived(_ index: Int) -> Arrival {
    guard isStatic else { return .ready }
    guard gradientCounts != nil else {
      counter[index] += 1
      return .pending
    }
    counter[index] -= 1
    return counter[index] < 0 ? .graphChanged : counter[index] == 0 ? .ready : .pending
  }

  /// Sets which parameters any rank used.
  package mutating func setGlobalUsage(_ isUsedGlobally: [Bool]) {
    self.isUsedGlobally = isUsedGlobally
  }

  /// Whether any rank used a parameter.
  package func isUsedByAnyRank(_ index: Int) -> Bool { isUsedGlobally[index] }

  /// Whether a parameter's gradient need not be sent, because no rank used it.
  package func isSkipped(_ index: Int) -> Bool { skipsUnused && !isUsedGlobally[index] }

  /// A pass has averaged gradients.
  package mutating func endPass() {
    guard isStatic else { return }
    if gradientCounts == nil { gradientCounts = counter } else { hasReducedStaticGraph = true }
  }

  /// Forgets which parameters this rank used, before the next gradients to average.
  package mutating func reset() {
    for index in isUsed.indices { isUsed[index] = false }
  }
}
