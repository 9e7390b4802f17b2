extension ProcessGroup {
  /// Checks that all ranks were started with the same settings, such as command-line options.
  ///
  /// Ranks with different settings would start different collectives, and hang or abort. Cost: a
  /// broadcast and an all-gather of a few bytes.
  ///
  /// - Parameter choices: Names and values, as the message shows them.
  /// - Throws: ``CollectiveError`` with code `mismatch`, on every rank, when any rank differs from
  ///   rank 0. It names that rank and the first difference in the order of the names.
  public func requireEqual(_ choices: [String: String]) throws(CollectiveError) {
    guard worldSize > 1 else { return }
    let mine = choices.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    let text = try broadcast(Array(mine.joined(separator: "\0").utf8))
    let parts = String(decoding: text, as: UTF8.self)
      .split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    var reference: [String: String] = [:]
    for index in stride(from: 1, to: parts.count, by: 2) {
      reference[parts[index - 1]] = parts[index]
    }
    func shown(_ value: String?, _ name: String) -> String {
      value.map { "\(name) \($0)" } ?? "no \(name)"
    }
    let name = Set(choices.keys).union(reference.keys).sorted().first {
      choices[$0] != reference[$0]
    }
    let difference = name.map {
      "rank \(rank) was started with \(shown(choices[$0], $0)), rank 0 with "
        + "\(shown(reference[$0], $0))"
    }
    for difference in try allGather(Array((difference ?? "").utf8)) where !difference.isEmpty {
      throw CollectiveError(
        .mismatch,
        "\(String(decoding: difference, as: UTF8.self)): start all ranks with the same settings",
        rank: rank)
    }
  }
}
