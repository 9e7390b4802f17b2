package import Elastic

/// A combination of options that cannot be meant, or in which an option has no effect.
package struct OptionRule: Sendable {
  /// What follows if the rule applies.
  package enum Outcome: Sendable {
    /// The command is refused with exit code 64.
    case refused
    /// The job runs, and a warning says that the option has no effect.
    case ignored
  }

  /// A condition on the other options.
  package enum Condition: Sendable, Hashable {
    /// Another option is given.
    case with(LaunchOption)
    /// Another option is not given.
    case without(LaunchOption)
    /// The job has one node.
    case oneNode
    /// The job has several nodes.
    case severalNodes
    /// The smallest number of nodes is greater than 1.
    case severalNodesAtLeast
    /// The number of nodes is a range.
    case nodeRange
    /// The backend is `static`.
    case staticBackend
    /// The backend is not `static`.
    case dynamicBackend
    /// The backend is not `c10d`.
    case otherBackendThanC10d
    /// The nodes find each other through a file.
    case file
    /// The endpoint's port is 0.
    case endpointPortZero
    /// The endpoint's port is not 0.
    case endpointPortNotZero
    /// `--master-port` is 0.
    case masterPortZero
    /// The rank of the node is not 0.
    case nodeRankNotZero
    /// `rank` in `--rdzv-conf` and `--node-rank` differ.
    case otherRankInSettings
    /// The status page and the workers' store have the same port.
    case statusPortIsMasterPort
    /// The status page and the rendezvous have the same port.
    case statusPortIsEndpointPort
    /// No worker's stream of this kind is in `--tee`.
    case notTeed(StreamSelection.Streams)
    /// `--tee` has all streams that `--redirects` has.
    case allRedirectsTeed
    /// `--redirects` hides all output.
    case allRedirected
  }

  /// The option that is refused or has no effect.
  package let option: LaunchOption
  /// When the rule applies: all conditions hold.
  package let conditions: [Condition]
  package let outcome: Outcome
  /// Why, and what to do; it follows the option and its value.
  let reason: String

  init(
    _ outcome: Outcome, _ option: LaunchOption, _ conditions: Condition..., because reason: String
  ) {
    self.outcome = outcome
    self.option = option
    self.conditions = conditions
    self.reason = reason
  }

  /// The message if the rule applies; otherwise `nil`.
  package func message(_ facts: OptionFacts) -> String? {
    guard let value = facts.given[option], conditions.allSatisfy({ $0.holds(for: facts) }) else {
      return nil
    }
    let effect = outcome == .ignored ? " has no effect" : ""
    return "\(value.shown)\(effect): \(reason)"
  }

  /// Applies all rules.
  ///
  /// - Returns: The warnings about options without effect.
  /// - Throws: ``ElasticError`` with code `usage` for the first combination that is refused.
  package static func apply(to facts: OptionFacts) throws(ElasticError) -> [String] {
    for rule in all where rule.outcome == .refused {
      if let message = rule.message(facts) { throw ElasticError(.usage, message) }
    }
    return all.filter { $0.outcome == .ignored }.compactMap { $0.message(facts) }
  }
}

extension OptionRule.Condition {
  /// Whether the condition holds.
  func holds(for facts: OptionFacts) -> Bool {
    switch self {
    case .with(let option): facts.given[option] != nil
    case .without(let option): facts.given[option] == nil
    case .oneNode: !facts.hasSeveralNodes
    case .severalNodes: facts.hasSeveralNodes
    case .severalNodesAtLeast: facts.nodes.lowerBound > 1
    case .nodeRange: facts.nodes.lowerBound < facts.nodes.upperBound
    case .staticBackend: facts.backend == .static
    case .dynamicBackend: facts.backend != .static
    case .otherBackendThanC10d: facts.backend != .c10d
    case .file: facts.settings.storeType == .file
    case .endpointPortZero: facts.endpoint?.port == 0
    case .endpointPortNotZero: facts.endpoint != nil && facts.endpoint?.port != 0
    case .masterPortZero: facts.masterPort == 0
    case .nodeRankNotZero: facts.nodeRank != 0
    case .otherRankInSettings:
      facts.settings.rank != nil && facts.settings.rank != facts.nodeRank
    case .statusPortIsMasterPort:
      facts.statusPort != 0 && facts.statusPort == facts.masterPort
    case .statusPortIsEndpointPort:
      facts.statusPort != 0 && facts.endpoint?.port != nil
        && facts.statusPort == facts.endpoint?.port
    case .notTeed(let stream): !facts.tee.selects(stream)
    case .allRedirectsTeed: facts.tee.selectsAll(of: facts.redirects)
    case .allRedirected: facts.redirects.selectsAllStreams && facts.tee.isEmpty
    }
  }
}
