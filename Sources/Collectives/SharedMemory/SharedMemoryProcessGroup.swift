internal import Synchronization

/// A group of ranks on one host that communicate through shared memory, on the CPU.
///
/// Buffers from ``allocate(count:elementType:)`` are in the shared memory, and an all-reduce works
/// on them in place. Other buffers are copied through a staging area that stays in the processors'
/// caches. Elements are reduced in rank order, 16-bit floats in float32, whatever the size of a
/// message: equal values give equal bits in any bucket layout.
///
/// Peers detect at once that a rank died, because the kernel marks the liveness lock that its
/// thread holds. The memory has no name, so nothing remains when all processes are killed.
///
/// The ranks may also be threads of one process.
public final class SharedMemoryProcessGroup: ProcessGroup {
  /// This rank.
  public let rank: Int
  /// The number of ranks.
  public let worldSize: Int
  /// The time limit of each collective.
  public let timeout: Duration
  /// `shm`.
  public var backend: String { "shm" }
  /// Detects mismatched collectives and lost peers, fuses averages, and shares allocations.
  public let capabilities: ProcessGroupCapabilities = {
    var capabilities = ProcessGroupCapabilities()
    capabilities.detectsMismatches = true
    capabilities.detectsLostPeers = true
    capabilities.fusesAverage = true
    capabilities.sharesAllocations = true
    return capabilities
  }()
  /// The store that initialized the group.
  public let store: any Store

  /// The number of bytes that this rank has copied for its peers to read.
  ///
  /// Buffers in the shared memory that are larger than 64 KiB are not copied.
  public var stagedByteCount: Int { peers.stagedBytes.load(ordering: .relaxed) }

  let peers: HostPeers
  private let executor: CollectiveExecutor
  private let heap: SharedHeap
  private let pointToPoint: PointToPoint
  private let subgroups = Atomic<Int>(0)

  /// Initializes the group; every rank calls this.
  ///
  /// - Parameters:
  ///   - store: A store whose keys no other group uses, for example a ``PrefixStore``.
  ///   - rank: This rank.
  ///   - worldSize: The number of ranks.
  ///   - timeout: The time limit of the initialization and of each collective.
  /// - Throws: ``CollectiveError`` with code `ranksMissing`, which names the missing ranks; with
  ///   `unavailable` if a rank is on another host or the memory cannot be created or mapped.
  public init(
    store: any Store, rank: Int, worldSize: Int, timeout: Duration = .seconds(1800)
  ) throws(CollectiveError) {
    guard worldSize > 0, worldSize <= 4096, (0..<worldSize).contains(rank) else {
      throw CollectiveError(
        .invalidArgument,
        "rank \(rank) of \(worldSize) ranks: use 1 to 4096 ranks, numbered from 0 to worldSize - 1")
    }
    var executor: CollectiveExecutor?
    let rendezvous = SharedMemoryRendezvous(
      store: store, rank: rank, worldSize: worldSize, timeout: timeout)
    do {
      let segment = try rendezvous.segment { (segment) throws(CollectiveError) in
        let opened = CollectiveExecutor(HostPeers(rank: rank, segment: segment, timeout: timeout))
        try opened.open()
        executor = opened
      }
      guard let executor else { preconditionFailure("the rendezvous returned without an executor") }
      self.rank = rank
      self.worldSize = worldSize
      self.timeout = timeout
      self.store = store
      self.executor = executor
      peers = executor.peers
      heap = SharedHeap(segment, rank: rank)
      pointToPoint = PointToPoint(executor.peers)
    } catch {
      executor?.close()
      throw error
    }
  }

  deinit {
    pointToPoint.close()
    executor.close()
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
      return try pointToPoint.start(transfers)
    }
  }

  /// Throws if a peer has died or the group has failed; see ``ProcessGroup/checkPeers()``.
  public func checkPeers() throws(CollectiveError) { try peers.checkLiveness() }

  /// Marks the group as failed on all ranks; see ``ProcessGroup/abort(_:)``.
  public func abort(_ reason: String) {
    peers.failGroup(
      GroupFailure(.aborted, rank),
      error: CollectiveError(.failed, "the group was aborted: \(reason)", rank: rank))
  }

  /// Allocates zeroed memory that all ranks map.
  ///
  /// Pages use memory once they are accessed. The buffer is freed with its last reference.
  ///
  /// - Throws: ``CollectiveError`` with code `failed` if the shared memory is used up.
  public func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    let size = count * elementType.byteCount
    guard let memory = heap.allocate(size) else {
      throw CollectiveError(
        .failed,
        "cannot allocate \(size >> 20) MiB of the group's \(peers.layout.heapBytes >> 20) MiB of "
          + "shared memory: free buffers, or use ordinary memory",
        rank: rank)
    }
    return CollectiveBuffer(
      address: memory.address, count: count, elementType: elementType, owner: memory)
  }

  /// Creates a group of some of the ranks; see ``ProcessGroup/subgroup(_:)``.
  public func subgroup(_ ranks: [Int]) throws(CollectiveError) -> (any ProcessGroup)? {
    let number = subgroups.wrappingAdd(1, ordering: .relaxed).newValue
    guard let position = try rank(in: ranks) else { return nil }
    return try SharedMemoryProcessGroup(
      store: PrefixStore("subgroup-\(number)", store), rank: position, worldSize: ranks.count,
      timeout: timeout)
  }

  // MARK: Calls

  /// One call of a collective, with the buffers that it retains.
  private struct Step: Sendable {
    let call: SharedCall
    let buffers: [CollectiveBuffer]
    let outgoing: Outgoing
    let incoming: Incoming

    init(
      _ call: SharedCall, _ buffers: [CollectiveBuffer], _ outgoing: Outgoing, _ incoming: Incoming
    ) {
      self.call = call
      self.buffers = buffers
      self.outgoing = outgoing
      self.incoming = incoming
    }

    /// Whether each rank reduces a part of the elements, because they do not fit in a slot.
    var isShared: Bool {
      call.kind == .allReduce && buffers[0].byteCount > SegmentLayout.slotBytes
    }

    func exchange(_ peers: HostPeers, _ context: SharedOperation.Context, _ index: Int) -> Exchange
    {
      Exchange(
        peers: peers,
        running: RunningCall(
          number: context.number + UInt64(index), call: call, deadline: context.deadline,
          isBackground: context.isBackground), outgoing: outgoing, incoming: incoming)
    }
  }

  private func start(_ steps: [Step]) throws(CollectiveError) -> any Work {
    let peers = self.peers
    return try executor.start(calls: steps.count) { context in
      guard steps.count == 1, !steps[0].isShared else { return false }
      let exchange = steps[0].exchange(peers, context, 0)
      guard exchange.canPost() else { return false }
      exchange.post()
      return true
    } body: { (context) throws(CollectiveError) in
      for (index, step) in steps.enumerated() {
        let exchange = step.exchange(peers, context, index)
        if step.isShared, peers.worldSize > 1 {
          try SharedAllReduce(
            peers: peers, running: exchange.running, address: step.buffers[0].address,
            count: step.buffers[0].count, elementType: step.call.elementType, op: step.call.op
          ).run()
        } else {
          try exchange.run(posted: context.isPosted)
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

  /// Splits a buffer into equal pieces, one per rank.
  private func pieces(_ whole: CollectiveBuffer) -> Outgoing {
    let size = whole.byteCount / worldSize
    return .pieces(
      (0..<worldSize).map { whole.address + $0 * size },
      bytes: Array(repeating: size, count: worldSize))
  }

  /// Receives equal pieces of all ranks into one buffer, in rank order.
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
