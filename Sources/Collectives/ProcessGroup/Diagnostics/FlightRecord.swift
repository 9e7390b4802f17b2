internal import FoundationEssentials

/// The file of a ``FlightRecorder``: PyTorch's names (`FlightRecorder.hpp` of torch 2.13) in Swift
/// spelling.
struct FlightRecord: Codable, Sendable {
  var version = "2.10"
  var pgConfig: [String: FlightGroup]
  var pgStatus: [String: FlightStatus]
  let entries: [FlightEntry]
}

/// A group in the record.
struct FlightGroup: Codable, Sendable {
  let name: String
  let desc: String
  /// A list in Python's notation, as PyTorch writes it.
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

/// A collective in the record.
///
/// Its many properties are the fields of an entry in PyTorch's flight recorder.
struct FlightEntry: Codable, Sendable {
  enum State: String, Codable, Sendable { case scheduled, started, completed }
  struct Frame: Codable, Sendable {
    let name: String
    let filename: String
    let line: UInt
  }

  /// The number among all collectives of the process, from 0.
  var recordId = 0
  /// The number of the group in the record.
  let pgId: Int
  /// The group's name and description.
  let processGroup: [String]
  /// The numbers of the group's collectives and messages so far, from 1.
  let collectiveSeqId: Int
  let p2pSeqId: Int
  /// The sum of the two.
  let opId: Int
  let isP2p: Bool
  /// Backend and collective, `gloo:all_reduce`.
  let profilingName: String
  let inputSizes: [[Int]]
  let inputDtypes: [String]
  let outputSizes: [[Int]]
  let outputDtypes: [String]
  let timeCreatedNs: Int64
  var timeDiscoveredStartedNs: Int64?
  var timeDiscoveredCompletedNs: Int64?
  var durationMs: Double?
  let timeoutMs: Int64
  var state = State.scheduled
  /// Whether the program has waited for the collective to complete.
  var retired = false
  let threadId: String
  let threadName: String
  let frames: [Frame]

  /// The encoder converts names to snake case.
  ///
  /// `is_p2p` is spelled out, because it would become `is_p_2p`.
  enum CodingKeys: String, CodingKey {
    case recordId, pgId, processGroup, collectiveSeqId, p2pSeqId, opId
    case isP2p = "is_p2p"
    case profilingName, inputSizes, inputDtypes, outputSizes, outputDtypes, timeCreatedNs
    case timeDiscoveredStartedNs, timeDiscoveredCompletedNs, durationMs, timeoutMs, state, retired
    case threadId, threadName, frames
  }
}

extension ElementType {
  /// The name in PyTorch's records.
  var recordName: String {
    switch self {
    case .float64: "Double"
    case .float32: "Float"
    case .float16: "Half"
    case .bfloat16: "BFloat16"
    case .int64: "Long"
    case .int32: "Int"
    case .int16: "Short"
    case .int8: "Char"
    case .uint8: "Byte"
    case .bool: "Bool"
    }
  }
}

extension Collective {
  /// The name in PyTorch's records: `all_reduce`.
  var recordName: String {
    switch self {
    case .exchange(let transfers) where transfers.count == 1:
      if case .send = transfers[0] { "send" } else { "recv" }
    case .exchange: "coalesced"
    default:
      name.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
    }
  }
}
