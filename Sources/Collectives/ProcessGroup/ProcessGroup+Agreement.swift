extension ProcessGroup {
  /// Checks that all ranks were started with the same choices, such as options of the command line.
  ///
  /// Ranks that differ would make collectives that do not fit each other, which engines answer with a hang
  /// or an abort. Cost: a broadcast and a gather of some bytes.
  ///
  /// - Parameter choices: Names and values, as they are to be shown in the message.
  /// - Throws: ``CollectiveError`` with code `mismatch` on every rank when any rank differs from rank 0; it
  ///   names that rank and the first difference in the order of the names.
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
    func told(_ value: String?, _ name: String) -> String {
      value.map { "\(name) \($0)" } ?? "no \(name)"
    }
    let name = Set(choices.keys).union(reference.keys).sorted().first {
      choices[$0] != reference[$0]
    }
    let complaint = name.map {
      "rank \(rank) was started with \(told(choices[$0], $0)), rank 0 with \(told(reference[$0], $0))"
    }
    for complaint in try allGather(Array((complaint ?? "").utf8)) where !complaint.isEmpty {
      throw CollectiveError(
        .mismatch,
        "\(String(decoding: complaint, as: UTF8.self)): start all ranks of a job alike", rank: rank)
    }
  }
}
