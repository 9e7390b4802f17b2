/// What stands before each line of a worker's output.
public enum LinePrefix {
  /// torchrun's: role and local rank.
  public static let standardTemplate = "[${role_name}${local_rank}]:"

  /// Fills a template's `${role_name}`, `${local_rank}` and `${rank}`; all else stands as it is.
  package static func filled(
    _ template: String, role: String, rank: Int, localRank: Int
  ) -> [UInt8] {
    Array(
      template
        .replacing("${role_name}", with: role)
        .replacing("${local_rank}", with: String(localRank))
        .replacing("${rank}", with: String(rank))
        .utf8)
  }
}
