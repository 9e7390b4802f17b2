public import Collectives

/// Runs every collective with every element type and several sizes on one group, and compares the
/// results with ``Reference``.
///
/// Every rank calls it.
///
/// All collectives of one type and size run at once. The sizes are 0, 1, 33, and 1 MiB plus 3
/// elements. To finish within seconds, the largest size has the sum and one other operation per
/// type.
///
/// - Parameter group: Any group. Reductions that its capabilities exclude have to throw
///   `invalidArgument`. The group is usable afterwards if there was no problem.
/// - Returns: The problems.
public func conformanceProblems(_ group: any ProcessGroup) -> [String] {
  var problems: [String] = []
  for (index, type) in ElementType.allCases.enumerated() {
    let defined = ReduceOp.allCases.filter { $0.supports(type) }
    let ops = defined.filter { group.capabilities.supports($0, of: type) }
    let unsupported = defined.filter { !group.capabilities.supports($0, of: type) }
    for count in [0, 1, 33] {
      problems += Cases(group, type, count: count, ops: ops, unsupported: unsupported).problems()
    }
    let large = (1 << 20) / type.byteCount + 3
    let others = Array(ops.dropFirst())
    let some = ops.prefix(1) + (others.isEmpty ? [] : [others[index % others.count]])
    problems += Cases(group, type, count: large, ops: Array(some)).problems()
  }
  return problems
}

/// Like ``conformanceProblems(_:)``, with ranks as threads; `group` creates the group of a rank.
public func conformanceProblems(
  _ worldSize: Int, _ group: @escaping @Sendable (_ rank: Int) throws -> any ProcessGroup
) throws -> [String] {
  try onRankThreads(worldSize) { conformanceProblems(try group($0)) }.flatMap { try $0.get() }
}

/// The collectives of one element type and size.
private final class Cases {
  private let group: any ProcessGroup
  private let type: ElementType
  private let count: Int
  private let ops: [ReduceOp]
  private let unsupported: [ReduceOp]
  private let reference: Reference
  private var running: [(name: String, work: any Work, check: () -> String?)] = []
  private var buffersMade = 0

  private var rank: Int { group.rank }
  private var ranks: Range<Int> { 0..<group.worldSize }

  init(
    _ group: any ProcessGroup, _ type: ElementType, count: Int, ops: [ReduceOp],
    unsupported: [ReduceOp] = []
  ) {
    self.group = group
    self.type = type
    self.count = count
    self.ops = ops
    self.unsupported = unsupported
    reference = Reference(type: type, worldSize: group.worldSize)
  }

  func problems() -> [String] {
    var problems: [String] = []
    do {
      problems += try acceptedButUnsupported()
      try startReductions()
      try startMoves()
      try startMessages()
      for (name, work, check) in running {
        try work.wait()
        if !work.isCompleted { problems.append("\(name) is not completed after its wait") }
        if let difference = check() { problems.append("\(name): \(difference)") }
      }
    } catch {
      problems.append("\(error)")
    }
    return problems.map { "rank \(rank) of \(group.worldSize), \(count) \(type): \($0)" }
  }

  /// A buffer with values, alternating between the group's memory and ordinary memory.
  private func buffer(_ count: Int, _ value: (Int) -> Int = { _ in 1 }) throws -> CollectiveBuffer {
    buffersMade += 1
    let buffer: CollectiveBuffer
    if buffersMade % 2 == 0 {
      buffer = try group.allocate(count: count, elementType: type)
    } else {
      let bytes = CollectiveMemory(UInt8.self, count: count * type.byteCount + 1)
      buffer = CollectiveBuffer(
        address: bytes.buffer.address, count: count, elementType: type, owner: bytes)
    }
    reference.fill(buffer, value)
    return buffer
  }

  private func mine(_ count: Int, _ op: ReduceOp? = nil) throws -> CollectiveBuffer {
    try buffer(count) { reference.value(rank: rank, index: $0, op) }
  }

  private func start(
    _ collective: Collective, _ detail: String = "", check: @escaping () -> String?
  ) throws {
    let work = try group.start(collective, at: CallSite())
    running.append((collective.name + detail, work, check))
  }

  /// The unsupported reductions that do not throw.
  private func acceptedButUnsupported() throws -> [String] {
    try unsupported.flatMap { op in
      let one = try mine(count)
      let whole = try mine(count * ranks.count)
      let reductions: [Collective] = [
        .allReduce(one, op), .allReduceCoalesced([one], op), .reduce(one, op, root: 0),
        .reduceScatter(whole, into: one, op),
      ]
      return reductions.filter { collective in
        do throws(CollectiveError) {
          _ = try group.start(collective, at: CallSite())
          return true
        } catch {
          return error.code != .invalidArgument || !error.message.contains("\(type)")
        }
      }.map { "\($0.name) \(op) does not throw" }
    }
  }

  private func startReductions() throws {
    for op in ops {
      let reference = reference
      let reduced = { (start: Int) in { reference.reduced(index: start + $0, op) } }
      let root = (count + op.rawValue.utf8.count) % ranks.count
      let length = count < 1000 ? count : count / ranks.count  // as much memory as an all-reduce
      let all = try mine(count, op)
      try start(.allReduce(all, op), " \(op)") { reference.difference(all, reduced(0)) }
      let several = try [mine(count, op), mine(1, op), mine(0, op)]
      try start(.allReduceCoalesced(several, op), " \(op)") {
        several.lazy.compactMap { reference.difference($0, reduced(0)) }.first
      }
      let one = try mine(count, op)
      try start(.reduce(one, op, root: root), " \(op)") { [rank] in
        rank == root ? reference.difference(one, reduced(0)) : nil
      }
      let whole = try mine(length * ranks.count, op)
      let part = try buffer(length)
      try start(.reduceScatter(whole, into: part, op), " \(op)") { [rank] in
        reference.difference(part, reduced(rank * length))
      }
    }
  }

  private func startMoves() throws {
    let reference = reference
    let ranks = ranks
    let rank = rank
    let count = count
    let root = count % ranks.count
    func of(_ rank: Int, from start: Int = 0) -> (Int) -> Int {
      { reference.value(rank: rank, index: start + $0, nil) }
    }
    func parts(_ whole: CollectiveBuffer) -> String? {
      zip(whole.parts(ranks.count), ranks).lazy
        .compactMap { reference.difference($0, of($1)) }.first
    }

    let all = try buffer(count * ranks.count)
    let input = try mine(count)
    try start(.allGather(input, into: all)) { parts(all) }

    let inPlace = try buffer(count * ranks.count)
    let own = inPlace.parts(ranks.count)[rank]
    reference.fill(own, of(rank))
    try start(.allGather(own, into: inPlace), " in place") { parts(inPlace) }

    let share = { (rank: Int) in count * (rank % 3) + rank }
    let uneven = try ranks.map { try buffer(share($0)) }
    try start(.allGatherUneven(mine(share(rank)), into: uneven)) {
      zip(uneven, ranks).lazy.compactMap { reference.difference($0, of($1)) }.first
    }

    // Every rank sends p more elements to rank p; every second pair of ranks sends none.
    let length = { (from: Int, to: Int) in (from + to) % 2 == 0 ? count + to : 0 }
    let sent = try ranks.map { try mine(length(rank, $0)) }
    let received = try ranks.map { try buffer(length($0, rank)) }
    try start(.allToAll(sent, into: received)) {
      zip(received, ranks).lazy.compactMap { reference.difference($0, of($1)) }.first
    }

    let shared = try mine(count)
    try start(.broadcast(shared, root: root)) { reference.difference(shared, of(root)) }

    let gathered = rank == root ? try buffer(count * ranks.count) : nil
    try start(.gather(mine(count), into: gathered, root: root)) { gathered.flatMap(parts) }

    let scattered = try buffer(count)
    try start(.scatter(rank == root ? mine(count * ranks.count) : nil, into: scattered, root: root))
    {
      reference.difference(scattered, of(root, from: rank * count))
    }

    try start(.barrier) { nil }
  }

  /// Sends two messages to the next rank and one to the previous rank, all at once.
  private func startMessages() throws {
    guard ranks.count > 1 else { return }
    let reference = reference
    let next = (rank + 1) % ranks.count
    let last = (rank + ranks.count - 1) % ranks.count
    let first = try buffer(count)
    let second = try buffer(count + 1)
    let back = try buffer(count)
    let transfers: [Transfer] = try [
      .receive(first, from: last, tag: 3), .receive(second, from: last, tag: 3),
      .receive(back, from: next, tag: 4),
      .send(mine(count), to: next, tag: 3), .send(mine(count + 1), to: next, tag: 3),
      .send(mine(count), to: last, tag: 4),
    ]
    try start(.exchange(transfers)) {
      [(first, last), (second, last), (back, next)].lazy.compactMap { buffer, peer in
        reference.difference(buffer) { reference.value(rank: peer, index: $0, nil) }
      }.first
    }
  }
}
