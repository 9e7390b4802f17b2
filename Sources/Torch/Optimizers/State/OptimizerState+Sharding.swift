extension OptimizerState {
  /// Divides the state by parameter.
  ///
  /// Each shard has all groups and hyperparameters, and the parameters of one owner.
  /// ``init(merging:owners:)`` is the inverse.
  ///
  /// - Parameters:
  ///   - owners: The index of the shard that receives each parameter, group by group.
  ///   - count: The number of shards.
  /// - Returns: The shards, which share tensors with this state.
  /// - Throws: ``TorchError`` with code `mismatch` if `owners` does not have one element per
  ///   parameter.
  public func shards(owners: [[Int]], count: Int) throws(TorchError) -> [OptimizerState] {
    let counts = groups.map(\.parameters.count)
    guard counts == owners.map(\.count) else {
      throw TorchError(
        .mismatch,
        "the state has groups of \(counts) parameters, but owners are given for groups of "
          + "\(owners.map(\.count))")
    }
    return (0..<count).map { shard in
      var part = self
      for (index, owners) in owners.enumerated() {
        part.groups[index].parameters = zip(groups[index].parameters, owners)
          .filter { $0.1 == shard }.map(\.0)
      }
      return part
    }
  }

  /// Merges shards.
  ///
  /// Hyperparameters and the settings of groups are those of the first shard.
  ///
  /// - Parameters:
  ///   - shards: The shards.
  ///   - owners: The index of the shard that holds each parameter, group by group.
  /// - Throws: ``TorchError`` with code `mismatch` if there is no shard, or a shard has another
  ///   number of groups or parameters than `owners`.
  public init(merging shards: [OptimizerState], owners: [[Int]]) throws(TorchError) {
    guard var merged = shards.first else {
      throw TorchError(.mismatch, "there are no shards of an optimizer's state to merge")
    }
    for (index, shard) in shards.enumerated() {
      let counts = shard.groups.map(\.parameters.count)
      let expected = owners.map { group in group.count { $0 == index } }
      guard counts == expected else {
        throw TorchError(
          .mismatch,
          "shard \(index) of an optimizer's state has groups of \(counts) parameters; \(expected) "
            + "are expected")
      }
    }
    for (index, owners) in owners.enumerated() {
      var next = [Int](repeating: 0, count: shards.count)
      merged.groups[index].parameters = owners.map { owner in
        defer { next[owner] += 1 }
        return shards[owner].groups[index].parameters[next[owner]]
      }
    }
    self = merged
  }
}
