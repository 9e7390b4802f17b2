/// A collective in a ``FlightRecord``.
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

  /// The messages of an exchange; they are not in the JSON.
  var messages: [FlightMessage] = []

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

  /// Marks the collective as complete at a time in nanoseconds since 1970.
  mutating func complete(at now: Int64) {
    state = .completed
    timeDiscoveredCompletedNs = now
    durationMs = Double(now - timeCreatedNs) / 1e6
  }
}

/// A message between two ranks in a ``FlightRecord``.
struct FlightMessage: Sendable {
  /// The messages from one rank to another with one tag, which arrive in order.
  struct Lane: Hashable, Sendable {
    /// Ranks among all ranks of the job.
    let source: Int
    let destination: Int
    let tag: Int
  }

  let lane: Lane
  /// The number of the message in its lane, from 1.
  let number: Int
  let isSent: Bool
  let count: Int
  let dtype: String
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
