internal import Synchronization

/// Ranks on one host that share memory: the engine for processors.
///
/// Buffers from ``allocate(count:elementType:)`` lie in the group's memory, and an all-reduce works right in
/// them. Other memory passes through a staging area that stays in the processors' caches. Numbers are
/// combined in the order of the ranks, in float32 where they are 16-bit floats, whatever the size of a
/// message: equal numbers give equal bits in any bucket layout.
///
/// A rank that dies is known to its peers at once, because the kernel takes down its sign of life. The
/// memory has no name, so that nothing is left of it when all are killed.
///
/// Ranks may also be threads of one process.
public final class SharedMemoryProcessGroup: ProcessGroup {
  /// The number of this rank.
  public let rank: Int
  /// The number of ranks.
  public let worldSize: Int
  /// The limit of each collective.
  public let timeout: Duration
  /// `shm`.
  public var backend: String { "shm" }
  /// Ranks meet with what each of them calls.
  public var comparesCalls: Bool { true }
  /// An average is made while the cache has the sum.
  public var dividesWhileAdding: Bool { true }
  /// The store through which the ranks met.
  public let store: any Store

  /// The bytes that this rank has copied so far for its peers to read: none where buffers lie in the
  /// group's memory and are larger than 64 KiB.
  public var stagedByteCount: Int { companions.stagedBytes.load(ordering: .relaxed) }

  let companions: Companions
  private let engine: SharedEngine
  private let heap: SharedHeap
  private let mail: SharedMail
  private let subgroups = Atomic<Int>(0)

  /// Meets the other ranks.
  ///
  /// - Parameters:
  ///   - store: With keys of this group alone, as under a ``PrefixStore``.
  ///   - rank: The number of this rank.
  ///   - worldSize: The number of ranks.
  ///   - timeout: The limit of the meeting and of each collective.
  /// - Throws: ``CollectiveError`` with code `ranksMissing`, which names who did not come; with
  ///   `unavailable` if a rank is on another host or the memory cannot be made or mapped.
  public init(
    store: any Store, rank: Int, worldSize: Int, timeout: Duration = .seconds(1800)
  ) throws(CollectiveError) {
    guard worldSize > 0, worldSize <= 4096, (0..<worldSize).contains(rank) else {
      throw CollectiveError(
        .invalidArgument, "there is no rank \(rank) among \(worldSize) (at most 4096 share memory)")
    }
    var engine: SharedEngine?
    let meeting = SharedMeeting(store: store, rank: rank, worldSize: worldSize, timeout: timeout)
    do {
      let segment = try meeting.segment { (segment) throws(CollectiveError) in
        let made = SharedEngine(Companions(rank: rank, segment: segment, timeout: timeout))
        try made.open()
        engine = made
      }
      guard let engine else { preconditionFailure("the meeting gave no memory") }
      (self.rank, self.worldSize, self.timeout, self.store) = (rank, worldSize, timeout, store)
      (self.engine, companions, heap) = (engine, engine.companions, SharedHeap(segment, rank: rank))
      mail = SharedMail(engine.companions)
    } catch {
      engine?.close()
      throw error
    }
  }

  deinit {
    mail.close()
    engine.close()
  }

  /// Starts a collective; see ``ProcessGroup/start(_:at:)``.
  public func start(_ collective: Collective, at site: CallSite) throws(CollectiveError) -> any Work
  {
    try collective.validate(rank: rank, worldSize: worldSize)
    switch collective {
    case .allReduce(let buffer, let op):
      return try start([allReduce(buffer, op)])
    case .allReduceCoalesced(let buffers, let op):
      return try start(buffers.map { allReduce($0, op) })
    case .reduce(let buffer, let op, let root):
      return try start([
        Step(
          SharedCall(.reduce, buffer.elementType, op, root: root, count: buffer.count), [buffer],
          rank == root ? .presence : .same(buffer.address, bytes: buffer.byteCount),
          rank == root ? combination(buffer, into: buffer, op) : .nothing)
      ])
    case .reduceScatter(let whole, into: let part, let op):
      return try start([
        Step(
          SharedCall(.reduceScatter, part.elementType, op, count: part.count), [whole, part],
          pieces(whole),
          .combination(
            into: part.address, own: whole.address + rank * part.byteCount, bytes: part.byteCount,
            part.elementType, op))
      ])
    case .allGather(let part, into: let whole):
      return try start([
        Step(
          SharedCall(.allGather, part.elementType), [part, whole],
          .same(part.address, bytes: part.byteCount), copies(into: whole))
      ])
    case .allGatherUneven(let part, into: let outputs):
      return try start([
        Step(
          SharedCall(.allGather, part.elementType), [part] + outputs,
          .same(part.address, bytes: part.byteCount),
          .copies(outputs.map { $0.address }, bytes: outputs.map { $0.byteCount }))
      ])
    case .allToAll(let inputs, into: let outputs):
      return try start([
        Step(
          SharedCall(.allToAll, inputs[0].elementType), inputs + outputs,
          .pieces(inputs.map { $0.address }, bytes: inputs.map { $0.byteCount }),
          .copies(outputs.map { $0.address }, bytes: outputs.map { $0.byteCount }))
      ])
    case .broadcast(let buffer, let root):
      return try start([
        Step(
          SharedCall(.broadcast, buffer.elementType, root: root, count: buffer.count), [buffer],
          rank == root ? .same(buffer.address, bytes: buffer.byteCount) : .presence,
          rank == root ? .nothing : copy(from: root, into: buffer))
      ])
    case .gather(let part, into: let whole, let root):
      return try start([
        Step(
          SharedCall(.gather, part.elementType, root: root, count: part.count),
          [part] + (whole.map { [$0] } ?? []), .same(part.address, bytes: part.byteCount),
          whole.map { copies(into: $0) } ?? .nothing)
      ])
    case .scatter(let whole, into: let part, let root):
      return try start([
        Step(
          SharedCall(.scatter, part.elementType, root: root, count: part.count),
          [part] + (whole.map { [$0] } ?? []), whole.map { pieces($0) } ?? .presence,
          copy(from: root, into: part))
      ])
    case .barrier:
      return try start([Step(SharedCall(.barrier), [], .presence, .presence)])
    case .exchange(let transfers):
      return try mail.start(transfers)
    }
  }

  /// Makes the group unusable, on all ranks; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    companions.breakGroup(
      Breakage(.aborted, rank),
      because: CollectiveError(.failed, "the group was aborted: \(reason)", rank: rank))
  }

  /// Makes memory that all ranks map, filled with zeros.
  ///
  /// It takes room where it is touched first, and gives it back with its last reference.
  ///
  /// - Throws: ``CollectiveError`` with code `failed` if the group's room is used up.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    let size = count * elementType.byteCount
    guard let memory = heap.allocate(size) else {
      throw CollectiveError(
        .failed,
        "the group's memory has no \(size >> 20) MiB left of \(companions.layout.heapBytes >> 20): free "
          + "buffers, or use plain memory",
        rank: rank)
    }
    return CollectiveBuffer(
      address: memory.address, count: count, elementType: elementType, owner: memory)
  }

  /// A group of some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let number = subgroups.wrappingAdd(1, ordering: .relaxed).newValue
    guard Set(ranks).count == ranks.count, ranks.allSatisfy((0..<worldSize).contains) else {
      throw CollectiveError(
        .invalidArgument, "\(ranks) are not different ranks below \(worldSize)", rank: rank)
    }
    guard let position = ranks.firstIndex(of: rank) else { return nil }
    return try SharedMemoryProcessGroup(
      store: PrefixStore("subgroup-\(number)", store), rank: position, worldSize: ranks.count,
      timeout: timeout)
  }

  // MARK: What a collective does

  /// A call of a collective, and the buffers that it keeps alive.
  private struct Step: Sendable {
    let call: SharedCall
    let buffers: [CollectiveBuffer]
    let outgoing: Outgoing
    let incoming: Incoming

    init(
      _ call: SharedCall, _ buffers: [CollectiveBuffer], _ outgoing: Outgoing, _ incoming: Incoming
    ) {
      (self.call, self.buffers, self.outgoing, self.incoming) = (call, buffers, outgoing, incoming)
    }

    /// Whether the ranks share the work of a reduction, because it is more than a slot holds.
    var isShared: Bool {
      call.kind == .allReduce && buffers[0].byteCount > SegmentLayout.slotBytes
    }

    func exchange(_ companions: Companions, _ turn: SharedOperation.Turn, _ index: Int) -> Exchange
    {
      Exchange(
        companions: companions,
        running: RunningCall(
          number: turn.number + UInt64(index), call: call, deadline: turn.deadline,
          isBackground: turn.isBackground), outgoing: outgoing, incoming: incoming)
    }
  }

  private func start(_ steps: [Step]) throws(CollectiveError) -> any Work {
    let companions = self.companions
    return try engine.start(calls: steps.count) { turn in
      guard steps.count == 1, !steps[0].isShared else { return false }
      let exchange = steps[0].exchange(companions, turn, 0)
      guard exchange.canPost() else { return false }
      exchange.post()
      return true
    } body: { (turn) throws(CollectiveError) in
      for (index, step) in steps.enumerated() {
        let exchange = step.exchange(companions, turn, index)
        if step.isShared, companions.worldSize > 1 {
          try SharedAllReduce(
            companions: companions, running: exchange.running, address: step.buffers[0].address,
            count: step.buffers[0].count, elementType: step.call.elementType, op: step.call.op
          ).run()
        } else {
          try exchange.run(posted: turn.isPosted)
        }
      }
    }
  }

  private func allReduce(_ buffer: CollectiveBuffer, _ op: ReduceOp) -> Step {
    Step(
      SharedCall(.allReduce, buffer.elementType, op, count: buffer.count), [buffer],
      .same(buffer.address, bytes: buffer.byteCount), combination(buffer, into: buffer, op))
  }

  private func combination(_ own: CollectiveBuffer, into target: CollectiveBuffer, _ op: ReduceOp)
    -> Incoming
  {
    .combination(
      into: target.address, own: own.address, bytes: own.byteCount, own.elementType, op)
  }

  /// An equal piece of a buffer for each rank.
  private func pieces(_ whole: CollectiveBuffer) -> Outgoing {
    let size = whole.byteCount / worldSize
    return .pieces(
      (0..<worldSize).map { whole.address + $0 * size },
      bytes: Array(repeating: size, count: worldSize))
  }

  /// Equal pieces of all ranks side by side.
  private func copies(into whole: CollectiveBuffer) -> Incoming {
    let size = whole.byteCount / worldSize
    return .copies(
      (0..<worldSize).map { whole.address + $0 * size },
      bytes: Array(repeating: size, count: worldSize))
  }

  private func copy(from root: Int, into buffer: CollectiveBuffer) -> Incoming {
    .copies(
      (0..<worldSize).map { $0 == root ? buffer.address : nil },
      bytes: (0..<worldSize).map { $0 == root ? buffer.byteCount : 0 })
  }
}
