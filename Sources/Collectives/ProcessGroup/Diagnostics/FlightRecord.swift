internal import FoundationEssentials

/// The content of a ``FlightRecorder``: PyTorch's names (`FlightRecorder.hpp` of torch 2.13) in
/// Swift spelling.
struct FlightRecord: Codable, Sendable {
  var version = "2.10"
  /// The groups by name.
  let pgConfig: [String: FlightGroup]
  /// The progress of the groups by number.
  let pgStatus: [String: FlightStatus]
  let entries: [FlightEntry]

  /// - Parameters:
  ///   - groups: The groups, each at the index that is its number.
  ///   - entries: The retained collectives, the oldest first.
  init(groups: [FlightGroup], entries: [FlightEntry]) {
    self.entries = entries
    pgConfig = Dictionary(groups.map { ($0.name, $0) }) { $1 }
    pgStatus = Dictionary(
      uniqueKeysWithValues: groups.indices.map { number in
        ("\(number)", FlightStatus(of: entries.filter { $0.pgId == number }))
      })
  }

  /// Returns the record as JSON.
  func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys]
    return Array(try encoder.encode(self))
  }
}

/// A group in the record.
struct FlightGroup: Codable, Sendable {
  /// A name that differs from those of the process's other groups, and is the same on all ranks.
  var name: String
  let desc: String
  /// The ranks among all ranks of the job, as a list in Python's notation.
  let ranks: String
}

/// The progress of a group: the numbers of its last collectives, -1 for none.
struct FlightStatus: Codable, Sendable {
  var lastEnqueuedCollective = -1
  var lastStartedCollective = -1
  var lastCompletedCollective = -1

  init(of entries: [FlightEntry]) {
    for entry in entries where !entry.isP2p {
      lastEnqueuedCollective = max(lastEnqueuedCollective, entry.collectiveSeqId)
      if entry.state == .scheduled { continue }
      lastStartedCollective = max(lastStartedCollective, entry.collectiveSeqId)
      if entry.state == .started { continue }
      lastCompletedCollective = max(lastCompletedCollective, entry.collectiveSeqId)
    }
  }
}
