/// Which rank keeps the optimizer's state of which parameter: a pure function of their sizes.
///
/// As PyTorch's `ZeroRedundancyOptimizer`: in each group the largest first, each to the rank that has the
/// fewest numbers so far, over all groups.
struct ParameterAssignment: Equatable {
  /// The rank of each parameter, group by group.
  var ranks: [[Int]]

  init(counts: [[Int]], worldSize: Int) {
    var loads = [Int](repeating: 0, count: worldSize)
    ranks = counts.map { counts in
      var ranks = [Int](repeating: 0, count: counts.count)
      // Stable, as Python's sort.
      let order = counts.indices.sorted { (counts[$0], $1) > (counts[$1], $0) }
      for index in order {
        let rank = loads.indices.min { loads[$0] < loads[$1] } ?? 0
        ranks[index] = rank
        loads[rank] += counts[index]
      }
      return ranks
    }
  }
}
