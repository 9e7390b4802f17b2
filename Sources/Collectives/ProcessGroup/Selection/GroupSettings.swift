internal import Glibc

/// The settings of process groups that the environment provides: the backend and diagnostics.
///
/// `LOCKSTEP_BACKEND` is `shm`, `gloo`, `hierarchical` or `nccl`; `LOCKSTEP_DEBUG`, or PyTorch's
/// `TORCH_DISTRIBUTED_DEBUG`, is `off`, `info` or `detail`. `TORCH_FR_BUFFER_SIZE` or
/// `TORCH_FR_DUMP_TEMP_FILE` enables the flight recorder.
public struct GroupSettings: Sendable, Equatable {
  /// How much is logged and checked.
  public enum DebugLevel: String, Sendable, CaseIterable {
    /// Rank 0 logs the chosen backend.
    case off
    /// All ranks log the chosen backend.
    case info
    /// Like ``info``; every collective is also compared across the ranks, by
    /// ``CheckedProcessGroup``.
    case detail
  }

  /// The backend; `nil` to choose one by the hosts of the ranks.
  public var backend: ProcessGroupBackend?
  /// How much is logged and checked.
  public var debugLevel = DebugLevel.off
  /// The number of collectives that the flight recorder retains; `nil` for no recorder.
  public var recordedCollectives: Int?
  /// The path of the record, without the rank that is appended.
  ///
  /// The record is also written as JSON to the folder of this name with `.json` appended, where
  /// PyTorch's analyzer, which reads all files whose names begin like the records, ignores it.
  public var recordFile = "/tmp/lockstep_trace_rank_"

  /// Creates the default settings.
  public init() {}

  /// Reads this process's environment.
  ///
  /// - Throws: ``CollectiveError`` with code `invalidArgument`, which names the variable and its
  ///   value.
  public static func inherited() throws(CollectiveError) -> GroupSettings {
    var environment: [String: String] = [:]
    for name in names { environment[name] = getenv(name).map { String(cString: $0) } }
    return try GroupSettings(environment)
  }

  /// Reads a given environment.
  ///
  /// - Parameter environment: Names and values; other names are ignored, empty values count as
  ///   unset.
  /// - Throws: ``CollectiveError`` with code `invalidArgument`, which names the variable and its
  ///   value.
  public init(_ environment: [String: String]) throws(CollectiveError) {
    func text(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String)
      throws(CollectiveError) -> Value?
    {
      guard let text = text(name) else { return nil }
      if let value = Value(rawValue: text.lowercased()) { return value }
      let values = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw CollectiveError(
        .invalidArgument, "\(name) is \"\(text)\": set it to one of \(values), or unset it")
    }
    backend = try choice("LOCKSTEP_BACKEND")
    let pyTorch: DebugLevel? = try choice("TORCH_DISTRIBUTED_DEBUG")
    let own: DebugLevel? = try choice("LOCKSTEP_DEBUG")
    debugLevel = own ?? pyTorch ?? .off
    if let file = text("TORCH_FR_DUMP_TEMP_FILE") {
      recordFile = file
      recordedCollectives = 2000
    }
    if let size = text("TORCH_FR_BUFFER_SIZE") {
      guard let count = Int(size), count >= 0 else {
        throw CollectiveError(
          .invalidArgument,
          "TORCH_FR_BUFFER_SIZE is \"\(size)\": set it to the number of collectives to record, or "
            + "0 to disable the recorder")
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
  /// Wraps a group in the diagnostics that the settings enable.
  ///
  /// The recorder is outside the checks, so that it also records collectives that fail them.
  package func addingDiagnostics(to group: any ProcessGroup) -> any ProcessGroup {
    var group = group
    if debugLevel == .detail { group = CheckedProcessGroup(group) }
    if let recordedCollectives {
      let recorder = FlightRecorder.shared(
        capacity: recordedCollectives, file: "\(recordFile)\(group.rank)",
        jsonFile: "\(recordFile.trimmingTrailingSlashes).json/\(group.rank).json")
      group = RecordedProcessGroup(group, recorder)
    }
    return group
  }
}

extension String {
  /// The path without the slashes at its end.
  fileprivate var trimmingTrailingSlashes: String {
    String(reversed().drop { $0 == "/" }.reversed())
  }
}
