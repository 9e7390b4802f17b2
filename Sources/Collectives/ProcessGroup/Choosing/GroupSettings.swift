internal import Glibc

/// What the environment says about groups: their engine, and what watches over them.
///
/// `LOCKSTEP_BACKEND` is `shm`, `gloo`, `hierarchical` or `nccl`; `LOCKSTEP_DEBUG`, or PyTorch's
/// `TORCH_DISTRIBUTED_DEBUG`, is `off`, `info` or `detail`. `TORCH_FR_BUFFER_SIZE` or
/// `TORCH_FR_DUMP_TEMP_FILE` switches the flight recorder on.
public struct GroupSettings: Sendable, Equatable {
  /// How much is told and checked.
  public enum DebugLevel: String, Sendable, CaseIterable {
    /// Rank 0 tells which engine was chosen.
    case off
    /// All ranks do.
    case info
    /// As well, every collective is compared across the ranks: ``CheckedProcessGroup``.
    case detail
  }

  /// The engine; `nil` to choose by where the ranks are.
  public var backend: ProcessGroupBackend?
  /// How much is told and checked.
  public var debugLevel = DebugLevel.off
  /// How many collectives the flight recorder keeps; `nil` for no recorder.
  public var recordedCollectives: Int?
  /// Where the record goes, followed by the rank.
  public var recordFile = "/tmp/lockstep_trace_rank_"

  /// Nothing is said.
  public init() {}

  /// Reads the environment of this process.
  ///
  /// - Throws: ``CollectiveError`` with code `invalidArgument` that names the variable and its value.
  public static func inherited() throws(CollectiveError) -> GroupSettings {
    var environment: [String: String] = [:]
    for name in names { environment[name] = getenv(name).map { String(cString: $0) } }
    return try GroupSettings(environment)
  }

  /// Reads a given environment.
  ///
  /// - Parameter environment: Names and values; others are passed over, and empty values count as missing.
  /// - Throws: ``CollectiveError`` with code `invalidArgument` that names the variable and its value.
  public init(_ environment: [String: String]) throws(CollectiveError) {
    func text(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String)
      throws(CollectiveError) -> Value?
    {
      guard let text = text(name) else { return nil }
      if let value = Value(rawValue: text.lowercased()) { return value }
      let values = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw CollectiveError(
        .invalidArgument, "\(name) is \"\(text)\": set it to one of \(values), or leave it out")
    }
    backend = try choice("LOCKSTEP_BACKEND")
    let pyTorchs: DebugLevel? = try choice("TORCH_DISTRIBUTED_DEBUG")
    let own: DebugLevel? = try choice("LOCKSTEP_DEBUG")
    debugLevel = own ?? pyTorchs ?? .off
    if let file = text("TORCH_FR_DUMP_TEMP_FILE") {
      (recordFile, recordedCollectives) = (file, 2000)
    }
    if let size = text("TORCH_FR_BUFFER_SIZE") {
      guard let count = Int(size), count >= 0 else {
        throw CollectiveError(
          .invalidArgument,
          "TORCH_FR_BUFFER_SIZE is \"\(size)\": set it to the number of collectives to keep, 0 for no "
            + "record")
      }
      recordedCollectives = count > 0 ? count : nil
    }
  }

  private static let names = [
    "LOCKSTEP_BACKEND", "LOCKSTEP_DEBUG", "TORCH_DISTRIBUTED_DEBUG", "TORCH_FR_BUFFER_SIZE",
    "TORCH_FR_DUMP_TEMP_FILE",
  ]
}

extension GroupSettings {
  /// The group with what was asked for around it: the checks inside, the record around them, so that it
  /// shows calls that did not pass.
  package func watch(_ group: any ProcessGroup) -> any ProcessGroup {
    var group = group
    if debugLevel == .detail { group = CheckedProcessGroup(group) }
    if let recordedCollectives {
      let recorder = FlightRecorder.shared(
        capacity: recordedCollectives, file: "\(recordFile)\(group.rank)")
      group = RecordedProcessGroup(group, recorder)
    }
    return group
  }
}
