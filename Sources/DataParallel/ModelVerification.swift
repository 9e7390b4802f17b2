internal import Collectives
internal import Torch

/// Checks that all ranks have parameters of the same names, shapes and types.
enum ModelVerification {
  /// Compares each rank's parameters with those of rank 0.
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch` on every rank if any rank differs; it names
  ///   that rank and the first difference.
  static func verify(_ named: [(name: String, tensor: Tensor)], group: any ProcessGroup)
    throws(CollectiveError)
  {
    let mine = named.map { "\($0.name)\t\($0.tensor.dtype)\t\($0.tensor.shape)" }
    let reference = try group.broadcast(Array(mine.joined(separator: "\n").utf8))
    let theirs = String(decoding: reference, as: UTF8.self)
      .split(separator: "\n").map(String.init)
    let difference = firstDifference(mine, theirs) ?? ""
    let differences = try group.allGather(Array(difference.utf8))
    for (rank, text) in differences.enumerated() where !text.isEmpty {
      throw CollectiveError(
        .mismatch,
        "rank \(rank) has a different model than rank 0: \(String(decoding: text, as: UTF8.self)). "
          + "Build the model from the same configuration on every rank",
        rank: group.rank)
    }
  }

  /// Describes the first difference as a clause; `nil` if there is none.
  ///
  /// Each line is name, type and shape, separated by tabs.
  static func firstDifference(_ mine: [String], _ reference: [String]) -> String? {
    for (index, lines) in zip(mine, reference).enumerated() where lines.0 != lines.1 {
      let own = lines.0.split(separator: "\t")
      let other = lines.1.split(separator: "\t")
      guard own.count == 3, other.count == 3 else { break }
      return own[0] == other[0]
        ? "parameter '\(own[0])' is \(own[1])\(own[2]) there, but \(other[1])\(other[2]) on rank 0"
        : "parameter \(index) is '\(own[0])' there, but '\(other[0])' on rank 0"
    }
    guard mine.count != reference.count else { return nil }
    let longer = mine.count > reference.count ? mine : reference
    let next = longer[min(mine.count, reference.count)].split(separator: "\t")[0]
    return
      "it has \(mine.count) parameters, rank 0 has \(reference.count); only one of them has "
      + "'\(next)'"
  }
}
