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

  private struct Counts {
    var collectives = 0
    var messages = 0
  }

  /// Wraps `base`.
  ///
  /// - Parameters:
  ///   - base: The group that runs the collectives.
  ///   - recorder: The record; several groups may share it.
  ///   - name: The group's name in the record.
  public init(_ base: any ProcessGroup, _ recorder: FlightRecorder, name: String = "default_pg") {
    self.base = base
    self.recorder = recorder
    self.name = name
    number = recorder.add(
      FlightGroup(name: name, desc: base.backend, ranks: "\(Array(0..<base.worldSize))"))
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
      return RecordedWork(work, recorder, record)
    } catch {
      if error.code != .invalidArgument { recorder.dump() }
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
    try base.subgroup(ranks).map {
      RecordedProcessGroup($0, recorder, name: "\(name)/\(ranks)")
    }
  }

  private func entry(_ collective: Collective, _ site: CallSite) -> FlightEntry {
    let isMessage = if case .exchange = collective { true } else { false }
    let counts = counts.withLock { counts in
      if isMessage { counts.messages += 1 } else { counts.collectives += 1 }
      return counts
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
      frames: [.init(name: collective.name, filename: "\(site.file)", line: site.line)])
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
      recorder.update(record) { entry in
        if entry.retired { return }
        let now = nanosecondsNow()
        entry.state = .completed
        entry.retired = true
        entry.timeDiscoveredCompletedNs = now
        entry.durationMs = Double(now - entry.timeCreatedNs) / 1e6
      }
    } catch {
      recorder.update(record) { $0.retired = true }
      recorder.dump()
      throw error
    }
  }
}

/// The wall clock, in nanoseconds since 1970.
private func nanosecondsNow() -> Int64 {
  var now = timespec()
  clock_gettime(CLOCK_REALTIME, &now)
  return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}
