import Elastic

extension Run {
  /// Decides where the workers' output goes, and what is told about the job.
  func decideOutput(
    _ configuration: inout LaunchConfiguration, _ settings: Settings
  ) throws {
    let count = configuration.workerCount
    configuration.logFolder = settings.value(output.logFolder, "log-dir")?.text
    configuration.redirects = try streams(settings.value(output.redirects, "redirects"), count)
    configuration.tee = try streams(settings.value(output.tee, "tee"), count)
    if let given = settings.value(output.shownLocalRanks, "local-ranks-filter") {
      configuration.shownLocalRanks = try localRanks(given, count)
    }
    configuration.outputFilters = filters(
      settings.value(output.outputFilters, "duplicate-stdout-filters"))
    configuration.errorFilters = filters(
      settings.value(output.errorFilters, "duplicate-stderr-filters"))
    configuration.linePrefixTemplate =
      settings.variable("TORCHELASTIC_LOG_LINE_PREFIX_TEMPLATE")?.text
      ?? configuration.linePrefixTemplate
    configuration.eventLog = try settings.value(output.eventLog, "event-log-handler")?
      .parsed(eventLog)
    configuration.statusPort =
      try settings.value(output.statusPort, "status-port")?.number(0...65535)
      ?? settings.variable("TORCHELASTIC_HEALTH_CHECK_PORT")?.number(0...65535)
    if let given = settings.value(output.logsSpecs, "logs-specs") {
      throw given.refused(
        "a Python class cannot lay out the logs here; use --log-dir, --redirects, --tee and filters"
      )
    }
  }

  private func streams(
    _ given: GivenValue?, _ count: Int
  ) throws(ElasticError) -> StreamSelection {
    guard let given else { return .none }
    guard let selection = StreamSelection(given.text) else {
      throw given.refused(
        "give 0, 1, 2 or 3, or one of them for each local rank as in 0:1,1:3")
    }
    if let stranger = selection.strangers(workerCount: count).first {
      throw given.refused("there is no local rank \(stranger) among \(count) workers")
    }
    return selection
  }

  /// Local ranks as in `0,3`; an empty text shows all of them, as torchrun does.
  private func localRanks(_ given: GivenValue, _ count: Int) throws(ElasticError) -> Set<Int>? {
    var ranks: Set<Int> = []
    for part in given.text.split(separator: ",") {
      guard let rank = Int(part), (0..<count).contains(rank) else {
        throw given.refused("\(part) is no local rank: there are 0 to \(count - 1)")
      }
      ranks.insert(rank)
    }
    return ranks.isEmpty ? nil : ranks
  }

  /// Texts between commas; two commas are one within a text.
  private func filters(_ given: GivenValue?) -> [String] {
    let mark = "\u{0}"
    return (given?.text ?? "").replacing(",,", with: mark).split(separator: ",")
      .map { String($0).replacing(mark, with: ",") }
  }

  private func eventLog(_ text: String) throws(ElasticError) -> EventLog? {
    switch text {
    case "null", "", "dynamic_rendezvous": return nil
    case "console": return .console
    case _ where text.contains("/") || text.hasSuffix(".jsonl") || text.hasSuffix(".json"):
      return .file(text)
    default:
      throw ElasticError(.usage, "give null, console, or a file such as events.jsonl")
    }
  }
}
