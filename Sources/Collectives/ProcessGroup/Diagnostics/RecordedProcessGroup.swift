internal import Glibc
internal import Synchronization

/// A group that records its collectives in a ``FlightRecorder``, and writes the record after a
/// failure.
public final class RecordedProcessGroup: ProcessGroup {
  private let base: any ProcessGroup
  private let recorder: FlightRecorder
  private let name: String
  private let number: Int
  private let counts = Mutex(Counts())

  /// The ranks of the group, numbered among all ranks of the job.
  private let ranks: [Int]

  private struct Counts {
    var collectives = 0
    var messages = 0
    var lanes: [FlightMessage.Lane: Int] = [:]
    var subgroups = 0
  }

  /// Wraps `base`.
  ///
  /// - Parameters:
  ///   - base: The group that runs the collectives.
  ///   - recorder: The record; several groups may share it.
  ///   - name: The group's name in the record.
  public convenience init(
    _ base: any ProcessGroup, _ recorder: FlightRecorder, name: String = "default_pg"
  ) {
    self.init(base, recorder, name: name, ranks: Array(0..<base.worldSize))
  }

  private init(
    _ base: any ProcessGroup, _ recorder: FlightRecorder, name: String, ranks: [Int]
  ) {
    self.base = base
    self.recorder = recorder
    self.ranks = ranks
    (number, self.name) = recorder.add(
      FlightGroup(name: name, desc: base.backend, ranks: "\(ranks)"))
  }

  /// This rank.
  public var rank: Int { base.rank }
  /// The number of ranks.
  public var worldSize: Int { base.worldSize }
  /// The time limit of each collective.
  public var timeout: Duration { base.timeout }
  /// The base's backend.
  public var backend: String { base.backend }
  /// The base's capabilities.
  public var capabilities: ProcessGroupCapabilities { base.capabilities }
  /// The base's store.
  public var store: any Store { base.store }

  /// Records the collective and starts it; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    let record = recorder.begin(entry(collective, site))
    do {
      let work = try base.start(collective, at: site)
      recorder.update(record) {
        $0.state = .started
        $0.timeDiscoveredStartedNs = nanosecondsNow()
      }
      recorder.observe(record, work)
      return RecordedWork(work, recorder, record)
    } catch {
      if error.code != .invalidArgument {
        recorder.end(record, succeeded: false)
        recorder.dump()
      }
      throw error
    }
  }

  /// Writes the record and aborts the base; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    recorder.dump()
    base.abort(reason)
  }

  /// See ``ProcessGroup/checkPeers()``.
  public func checkPeers() throws(CollectiveError) { try base.checkPeers() }

  /// See ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try base.allocate(count: count, elementType: elementType)
  }

  /// Creates a recorded subgroup; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let subgroup = try base.subgroup(ranks)
    // All ranks create the same subgroups in the same order, so they agree on the number.
    let number = counts.withLock { counts in
      counts.subgroups += 1
      return counts.subgroups
    }
    return subgroup.map {
      RecordedProcessGroup(
        $0, recorder, name: "\(name)/\(number)", ranks: ranks.map { self.ranks[$0] })
    }
  }

  private func entry(_ collective: Collective, _ site: CallSite) -> FlightEntry {
    let isMessage = if case .exchange = collective { true } else { false }
    let (counts, messages) = counts.withLock { counts -> (Counts, [FlightMessage]) in
      if isMessage { counts.messages += 1 } else { counts.collectives += 1 }
      let messages = numberedMessages(of: collective, &counts.lanes)
      return (counts, messages)
    }
    let inputs = collective.inputs
    let outputs = collective.outputs
    return FlightEntry(
      pgId: number, processGroup: [name, backend], collectiveSeqId: counts.collectives,
      p2pSeqId: counts.messages, opId: counts.collectives + counts.messages, isP2p: isMessage,
      profilingName: "\(backend(for: collective)):\(collective.recordName)",
      inputSizes: inputs.map { [$0.count] }, inputDtypes: inputs.map(\.elementType.recordName),
      outputSizes: outputs.map { [$0.count] }, outputDtypes: outputs.map(\.elementType.recordName),
      timeCreatedNs: nanosecondsNow(), timeoutMs: timeout.components.seconds * 1000,
      threadId: "\(pthread_self())", threadName: "",
      frames: [.init(name: collective.name, filename: "\(site.file)", line: site.line)],
      messages: messages)
  }

  /// The messages of an exchange, each with its number among those from one rank to another.
  private func numberedMessages(of collective: Collective, _ lanes: inout [FlightMessage.Lane: Int])
    -> [FlightMessage]
  {
    guard case .exchange(let transfers) = collective else { return [] }
    var messages: [FlightMessage] = []
    for transfer in transfers where ranks.indices.contains(transfer.peer) {
      let isSent = if case .send = transfer { true } else { false }
      let mine = ranks[rank]
      let other = ranks[transfer.peer]
      let lane = FlightMessage.Lane(
        source: isSent ? mine : other, destination: isSent ? other : mine, tag: transfer.tag)
      // A rank that sends to itself numbers both ends of a message.
      let key = FlightMessage.Lane(
        source: lane.source, destination: lane.destination,
        tag: mine == other && isSent ? -1 - lane.tag : lane.tag)
      lanes[key, default: 0] += 1
      messages.append(
        FlightMessage(
          lane: lane, number: lanes[key, default: 0], isSent: isSent,
          count: transfer.buffer.count, dtype: transfer.buffer.elementType.recordName))
    }
    return messages
  }

  /// The backend that runs a collective, where the group has one per kind of device.
  private func backend(for collective: Collective) -> Substring {
    let kind = collective.gpu == nil ? "cpu:" : "cuda:"
    return backend.split(separator: ",").first { $0.hasPrefix(kind) }?.dropFirst(kind.count)
      ?? backend[...]
  }
}

/// A collective whose end is recorded.
private final class RecordedWork: Work {
  private let base: any Work
  private let recorder: FlightRecorder
  private let record: Int

  init(_ base: any Work, _ recorder: FlightRecorder, _ record: Int) {
    self.base = base
    self.recorder = recorder
    self.record = record
  }

  var isCompleted: Bool { base.isCompleted }

  func wait() throws(CollectiveError) {
    do {
      try base.wait()
      recorder.end(record, succeeded: true)
    } catch {
      recorder.end(record, succeeded: false)
      recorder.dump()
      throw error
    }
  }
}
