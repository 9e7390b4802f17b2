/// Which parameters take part in backward passes: a state machine without effects.
///
/// There are three ways. All take part, once, in every pass. Or the graph is searched after each
/// forward pass, and the ranks compare what they used. Or the graph is the same in every pass: the
/// first one counts how often gradients come, and everything is sent at its end.
struct ParameterUsage {
  /// What the arrival of a gradient means.
  enum Arrival {
    /// The gradient is complete.
    case ready
    /// More is to come, or the first pass of a static graph only counts.
    case wait
    /// A static graph has changed: more came than in the first pass.
    case changed
  }

  private let finds: Bool
  private let isStatic: Bool
  private let skips: Bool
  /// Of each parameter: has a gradient come on this rank, has one on any.
  private(set) var isUsed: [Bool]
  private var isUsedSomewhere: [Bool]
  /// What the search said will not come.
  private(set) var expectedUnused: [Int] = []
  /// How often gradients come in a pass of a static graph; nil in the first.
  private var uses: [Int]?
  private var remaining: [Int]
  private var isOrdered = false

  init(count: Int, _ options: DistributedDataParallelOptions) {
    finds = options.findsUnusedParameters && !options.staticGraph
    isStatic = options.staticGraph
    skips = options.skipsUnusedBuckets && finds
    isUsed = [Bool](repeating: false, count: count)
    isUsedSomewhere = isUsed
    remaining = [Int](repeating: 0, count: count)
  }

  /// Whether buckets may follow the order of gradients: it is known, and the same in all passes.
  var keepsOrder: Bool { !finds && (!isStatic || isOrdered) }
  /// Whether the graph has to be searched after forward.
  var needsSearch: Bool { finds }
  /// Whether this pass only counts, and sends at its end.
  var isFirstOfStaticGraph: Bool { isStatic && uses == nil }
  /// Whether the ranks compare in this pass what they used.
  var isExchanged: Bool { finds || isFirstOfStaticGraph }
  /// Whether they do so before the first bucket, rather than at the end.
  var isExchangedEarly: Bool { skips }
  /// The parameters that never take part in a static graph.
  var unused: [Int] { uses.map { uses in uses.indices.filter { uses[$0] == 0 } } ?? [] }

  /// A pass that averages is about to begin.
  mutating func beginPass() {
    expectedUnused = unused
    if let uses { remaining = uses }
  }

  /// What a search of the graph found: a truth value for each parameter.
  mutating func expect(_ reached: [Bool]) {
    expectedUnused = reached.indices.filter { !reached[$0] }
  }

  /// Which parameters this rank takes to be used, before the first gradient.
  var expectedUsed: [Bool] {
    var used = [Bool](repeating: true, count: isUsed.count)
    for index in expectedUnused where !isUsed[index] { used[index] = false }
    return used
  }

  /// Notes that a gradient came, whether it is averaged in this pass or a later one.
  mutating func note(_ index: Int) { isUsed[index] = true }

  /// What it means that a gradient came in a pass that averages.
  mutating func arrival(of index: Int) -> Arrival {
    guard isStatic else { return .ready }
    guard uses != nil else {
      remaining[index] += 1
      return .wait
    }
    remaining[index] -= 1
    return remaining[index] < 0 ? .changed : remaining[index] == 0 ? .ready : .wait
  }

  /// What all ranks together used.
  mutating func adopt(_ everywhere: [Bool]) { isUsedSomewhere = everywhere }

  /// Whether any rank used a parameter.
  func isUsedByAny(_ index: Int) -> Bool { isUsedSomewhere[index] }

  /// Whether nothing has to be sent for a parameter.
  func isSkipped(_ index: Int) -> Bool { skips && !isUsedSomewhere[index] }

  /// A pass has averaged.
  ///
  /// Returns whether it followed the order that buckets will keep.
  mutating func endPass() -> Bool {
    guard isStatic else { return true }
    if uses == nil {
      uses = remaining
      return false
    }
    isOrdered = true
    return true
  }

  /// Forgets what was used; the next gradients count anew.
  mutating func reset() {
    for index in isUsed.indices { isUsed[index] = false }
  }
}
