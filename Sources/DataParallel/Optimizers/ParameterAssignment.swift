/// Assigns parameters to ranks by their element counts.
///
/// Like PyTorch's `ZeroRedundancyOptimizer`: in each group, from the largest to the smallest, each
/// parameter is assigned to the rank with the fewest elements so far, counted over all groups.
package struct ParameterAssignment: Equatable {
  /// The rank that owns each parameter, group by group.
  package var ranks: [[Int]]

  package init(counts: [[Int]], worldSize: Int) {
    var loads = [Int](repeating: 0, count: worldSize)
    ranks = counts.map { counts in
      var ranks = [Int](repeating: 0, count: counts.count)
      // Stable, like Python's sort.
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
