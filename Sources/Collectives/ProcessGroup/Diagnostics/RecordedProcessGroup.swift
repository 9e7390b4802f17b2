internal import Glibc
internal import Synchronization

/// A group that notes in a ``FlightRecorder`` what it starts, and writes the record on a failure.
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

  /// Records the collectives of `base`.
  ///
  /// - Parameters:
  ///   - base: The group that does the work.
  ///   - recorder: The process's record; several groups may share it.
  ///   - name: The group's name in the record.
  public init(_ base: any ProcessGroup, _ recorder: FlightRecorder, name: String = "default_pg") {
    (self.base, self.recorder, self.name) = (base, recorder, name)
    number = recorder.add(
      FlightGroup(name: name, desc: base.backend, ranks: "\(Array(0..<base.worldSize))"))
  }

  /// The number of this rank.
  public var rank: Int { base.rank }
  /// The number of ranks.
  public var worldSize: Int { base.worldSize }
  /// The limit of each collective.
  public var timeout: Duration { base.timeout }
  /// The engine's name.
  public var backend: String { base.backend }
  /// As the engine.
  public var comparesCalls: Bool { base.comparesCalls }
  /// As the engine.
  public var dividesWhileAdding: Bool { base.dividesWhileAdding }
  /// The store through which the ranks met.
  public var store: any Store { base.store }

  /// Notes, then starts; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    let record = recorder.begin(entry(collective, site))
    do {
      let work = try base.start(collective, at: site)
      recorder.update(record) {
        ($0.state, $0.timeDiscoveredStartedNs) = (.started, nanosecondsNow())
      }
      return RecordedWork(work, recorder, record)
    } catch {
      if error.code != .invalidArgument { recorder.dump() }
      throw error
    }
  }

  /// Ends all that runs, and writes the record; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    recorder.dump()
    base.abort(reason)
  }

  /// See ``ProcessGroup/allocate(count:elementType:)``.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    try base.allocate(count: count, elementType: elementType)
  }

  /// A group that is recorded, too; see ``ProcessGroup/subgroup(_:)``.
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
    let (inputs, outputs) = (collective.inputs, collective.outputs)
    return FlightEntry(
      pgId: number, processGroup: [name, backend], collectiveSeqId: counts.collectives,
      p2pSeqId: counts.messages, opId: counts.collectives + counts.messages, isP2p: isMessage,
      profilingName: "\(backend):\(collective.recordName)",
      inputSizes: inputs.map { [$0.count] }, inputDtypes: inputs.map(\.elementType.recordName),
      outputSizes: outputs.map { [$0.count] }, outputDtypes: outputs.map(\.elementType.recordName),
      timeCreatedNs: nanosecondsNow(), timeoutMs: timeout.components.seconds * 1000,
      threadId: "\(pthread_self())", threadName: "",
      frames: [.init(name: collective.name, filename: "\(site.file)", line: site.line)])
  }
}

/// A collective whose end is noted.
private final class RecordedWork: Work {
  private let base: any Work
  private let recorder: FlightRecorder
  private let record: Int

  init(_ base: any Work, _ recorder: FlightRecorder, _ record: Int) {
    (self.base, self.recorder, self.record) = (base, recorder, record)
  }

  var isCompleted: Bool { base.isCompleted }

  func wait() throws(CollectiveError) {
    do {
      try base.wait()
      recorder.update(record) { entry in
        if entry.retired { return }
        let now = nanosecondsNow()
        (entry.state, entry.retired, entry.timeDiscoveredCompletedNs) = (.completed, true, now)
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
