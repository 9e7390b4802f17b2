/// Whether a host registry confirms that this node still hosts.
///
/// The confirmation replaces the ``Quorum``.
struct HostConfirmation: Sendable {
  /// Whether the registry has confirmed it since the last node was lost.
  var isCurrent = true

  /// The reason why the registry does not answer, if it does not.
  var failure: String?
}
