import Elastic

extension Run {
  /// Applies the options for the workers' output and for monitoring the job.
  func applyOutputOptions(
    to configuration: inout LaunchConfiguration, _ settings: Settings
  ) throws {
    let count = configuration.workerCount
    configuration.logFolder = settings.value(output.logFolder, "log-dir")?.text
    configuration.redirects = try streams(settings.value(output.redirects, "redirects"), count)
    configuration.tee = try streams(settings.value(output.tee, "tee"), count)
    if let value = settings.value(output.shownLocalRanks, "local-ranks-filter") {
      configuration.shownLocalRanks = try localRanks(value, count)
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
    if configuration.statusPort == nil {
      // torchrun never binds this port, so two launchers on a machine may have the same value.
      configuration.statusPort = try settings.variable("TORCHELASTIC_HEALTH_CHECK_PORT")?
        .number(0...65535)
      configuration.isStatusPortOptional = configuration.statusPort != nil
    }
    if let value = settings.value(output.logsSpecs, "logs-specs") {
      throw value.error(
        "Python log specifications are not supported; use --log-dir, --redirects, --tee and filters"
      )
    }
  }

  private func streams(
    _ value: OptionValue?, _ count: Int
  ) throws(ElasticError) -> StreamSelection {
    guard let value else { return .none }
    guard let selection = StreamSelection(value.text) else {
      throw value.error("use 0, 1, 2 or 3, or one of them per local rank, such as 0:1,1:3")
    }
    if let rank = selection.unknownRanks(workerCount: count).first {
      throw value.error("there is no local rank \(rank); use 0 to \(count - 1)")
    }
    return selection
  }

  /// Parses local ranks such as `0,3`; as in torchrun, an empty text selects all ranks (`nil`).
  private func localRanks(_ value: OptionValue, _ count: Int) throws(ElasticError) -> Set<Int>? {
    var ranks: Set<Int> = []
    for part in value.text.split(separator: ",") {
      guard let rank = Int(part), (0..<count).contains(rank) else {
        throw value.error("\(part) is not a local rank; use 0 to \(count - 1)")
      }
      ranks.insert(rank)
    }
    return ranks.isEmpty ? nil : ranks
  }

  /// Splits at commas; `,,` stands for a comma within a text.
  private func filters(_ value: OptionValue?) -> [String] {
    let placeholder = "\u{0}"
    return (value?.text ?? "").replacing(",,", with: placeholder).split(separator: ",")
      .map { String($0).replacing(placeholder, with: ",") }
  }

  private func eventLog(_ text: String) throws(ElasticError) -> EventLog? {
    switch text {
    case "null", "", "dynamic_rendezvous": return nil
    case "console": return .console
    case _ where text.contains("/") || text.hasSuffix(".jsonl") || text.hasSuffix(".json"):
      return .file(text)
    default:
      throw ElasticError(.usage, "use null, console, or a file such as events.jsonl")
    }
  }
}
