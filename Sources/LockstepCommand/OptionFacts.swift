package import Elastic

/// What the command line and the variables say, as far as the rules about combinations need it.
package struct OptionFacts {
  /// The options that are given, with their values and origins; the values of flags are `1`.
  var given: [LaunchOption: OptionValue] = [:]
  /// The number of nodes.
  var nodes = 1...1
  /// The backend as given.
  var backend = RendezvousConfiguration.Backend.static
  /// The endpoint; `nil` if none is given or if it is a file.
  var endpoint: Endpoint?
  /// The port of the store or of a static rendezvous.
  var masterPort: Int?
  /// The port of the status page.
  var statusPort: Int?
  /// The rank of this node as given.
  var nodeRank: Int?
  /// The settings of the rendezvous.
  var settings = RendezvousSettings()
  /// The streams that are only written to files.
  var redirects = StreamSelection.none
  /// The streams that are written to files and the console.
  var tee = StreamSelection.none

  /// The number of nodes that the job really has: one with `--standalone`.
  var hasSeveralNodes: Bool { given[.standalone] == nil && nodes.upperBound > 1 }
}

extension Run {
  /// The values of all options that take one, by option.
  func givenOptions(_ settings: Settings) throws(ElasticError) -> [LaunchOption: OptionValue] {
    let values: [(LaunchOption, String?)] = [
      (.workerCount, job.workerCount), (.maxRestarts, job.maxRestarts),
      (.shutdownTimeout, job.shutdownTimeout), (.signals, job.signals),
      (.debugRank, job.debugRank), (.role, job.role), (.nodes, rendezvous.nnodes),
      (.backend, rendezvous.backend), (.endpoint, rendezvous.endpoint), (.id, rendezvous.id),
      (.settings, rendezvous.settings), (.nodeRank, rendezvous.nodeRank),
      (.masterAddress, rendezvous.masterAddress), (.masterPort, rendezvous.masterPort),
      (.localAddress, rendezvous.localAddress), (.logFolder, output.logFolder),
      (.redirects, output.redirects), (.tee, output.tee),
      (.shownLocalRanks, output.shownLocalRanks), (.outputFilters, output.outputFilters),
      (.errorFilters, output.errorFilters), (.eventLog, output.eventLog),
      (.statusPort, output.statusPort), (.logsSpecs, output.logsSpecs),
      (.monitorInterval, compatibility.monitorInterval),
      (.startMethod, compatibility.startMethod),
    ]
    let flags: [(LaunchOption, Bool)] = [
      (.noPython, job.noPython), (.runPath, job.runPath), (.module, job.module),
      (.standalone, rendezvous.standalone), (.virtualLocalRank, machine.isLocalRankVirtual),
    ]
    var given: [LaunchOption: OptionValue] = [:]
    for (option, text) in values { given[option] = settings.value(text, option.rawValue) }
    if given[.endpoint]?.text.isEmpty == true { given[.endpoint] = nil }
    for (option, isGiven) in flags where try settings.flag(isGiven, option.rawValue) {
      given[option] =
        isGiven
        ? OptionValue(text: "", origin: option.spelling)
        : settings.value(nil, option.rawValue)
    }
    if let kind = machine.numaBinding {
      given[.numaBinding] = OptionValue(text: kind, origin: LaunchOption.numaBinding.spelling + " ")
    }
    return given
  }

  /// Evaluates the options that the rules about combinations concern.
  package func facts(_ settings: Settings) throws(ElasticError) -> OptionFacts {
    var facts = OptionFacts()
    facts.given = try givenOptions(settings)
    let given = facts.given
    if let nodes = given[.nodes] { facts.nodes = try nodes.parsed(RendezvousConfiguration.nodes) }
    if let backend = given[.backend] {
      facts.backend = try backend.parsed(RendezvousConfiguration.backend)
    }
    if let conf = given[.settings] { facts.settings = try conf.parsed(RendezvousSettings.init) }
    if let endpoint = given[.endpoint], facts.settings.storeType != .file {
      facts.endpoint = try endpoint.parsed(Endpoint.init)
    }
    facts.masterPort = try given[.masterPort]?.number(0...65535)
    facts.statusPort = try given[.statusPort]?.number(0...65535)
    facts.nodeRank = try given[.nodeRank]?.number(0...65535)
    facts.redirects = given[.redirects].flatMap { StreamSelection($0.text) } ?? .none
    facts.tee = given[.tee].flatMap { StreamSelection($0.text) } ?? .none
    return facts
  }
}
