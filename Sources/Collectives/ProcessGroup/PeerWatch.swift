/// A group that can tell at any time whether its peers live, not only in its own collectives.
package protocol PeerWatch: ProcessGroup {
  /// Looks, and returns at once.
  ///
  /// - Throws: ``CollectiveError`` with code `peerLost` when a rank of this host has died, or what has
  ///   made the group unusable.
  func checkPeers() throws(CollectiveError)
}

extension SharedMemoryProcessGroup: PeerWatch {
  package func checkPeers() throws(CollectiveError) { try companions.checkLives() }
}

extension HierarchicalProcessGroup: PeerWatch {
  package func checkPeers() throws(CollectiveError) {
    try stages.local.naming { () throws(CollectiveError) in
      try (stages.local.group as? any PeerWatch)?.checkPeers()
    }
  }
}
