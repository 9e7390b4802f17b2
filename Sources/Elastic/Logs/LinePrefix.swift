/// The prefix of each line of a worker's output.
public enum LinePrefix {
  /// torchrun's default template: role and local rank.
  public static let standardTemplate = "[${role_name}${local_rank}]:"

  /// Replaces `${role_name}`, `${local_rank}` and `${rank}` in a template; the rest is unchanged.
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
