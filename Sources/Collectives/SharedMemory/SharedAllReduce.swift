internal import CSharedMemory

/// An all-reduce of more than a slot holds: each rank combines one part of the numbers for all.
///
/// If the buffers of all ranks lie in the group's memory, each rank reads its part straight out of them and
/// writes the result into all of them: every number is read once and written once. Other buffers pass
/// through the staging areas, chunk after chunk. Either way the numbers of a place are combined in the order
/// of the ranks, so the result depends neither on the way nor on the chunks.
struct SharedAllReduce {
  let companions: Companions
  let running: RunningCall
  let address: UnsafeMutableRawPointer
  let count: Int
  let elementType: ElementType
  let op: ReduceOp

  private var segment: SharedSegment { companions.segment }
  private var layout: SegmentLayout { companions.layout }
  private var rank: Int { companions.rank }
  private var number: UInt64 { running.number }
  private var size: Int { elementType.byteCount }

  func run() throws(CollectiveError) {
    let meeting = Exchange(
      companions: companions, running: running, outgoing: .same(address, bytes: count * size),
      incoming: .presence)
    let buffers = try meeting.meet()
    if let buffers { try reduceInPlace(buffers) } else { try reduceChunks() }
    companions.tell(.done, moment(number + 1, 0))
  }

  /// The part of `count` numbers that a rank combines; parts begin with a cache line.
  private func part(_ rank: Int, of count: Int) -> Range<Int> {
    let line = 64 / size
    let each = rounded((count + layout.worldSize - 1) / layout.worldSize, to: line)
    return min(rank * each, count)..<min((rank + 1) * each, count)
  }

  // MARK: Buffers in the group's memory

  private func reduceInPlace(_ buffers: [UnsafeMutableRawPointer]) throws(CollectiveError) {
    let mine = part(rank, of: count)
    // So few at a time that those of all ranks stay in the cache.
    let step = max(64, (128 << 10) / size / layout.worldSize / 64 * 64)
    for start in stride(from: mine.lowerBound, to: mine.upperBound, by: step) {
      let (offset, count) = (start * size, min(step, mine.upperBound - start))
      let second = layout.worldSize > 1 ? buffers[1] + offset : nil
      combine(
        buffers.map { UnsafeRawPointer($0 + offset) }, into: buffers[0] + offset, and: second,
        count: count, elementType, op)
      for other in buffers.dropFirst(2) {
        csm_copy(other + offset, buffers[0] + offset, count * size, 0)
      }
    }
    companions.tell(.reduced, moment(number, 1))
    try companions.waitForAll(.reduced, moment(number, 1), in: running)
  }

  // MARK: Other buffers

  private func reduceChunks() throws(CollectiveError) {
    try companions.waitForAll(.done, moment(number, 0), in: running)
    let perChunk = layout.chunkBytes / size
    let chunks = (count + perChunk - 1) / perChunk
    stage(0, perChunk)
    for chunk in 0..<chunks {
      // Places are used again after three chunks. Those waited for below had to be done two chunks ago.
      if chunk + 1 < chunks { stage(chunk + 1, perChunk) }
      try companions.waitForAll(.staged, moment(number, chunk + 2), in: running)
      try reduce(chunk, perChunk)
      if chunk > 0 { try collect(chunk - 1, perChunk) }
    }
    try collect(chunks - 1, perChunk)
  }

  private func place(_ chunk: Int, _ perChunk: Int) -> (start: Int, count: Int) {
    (chunk * perChunk, min(perChunk, count - chunk * perChunk))
  }

  /// Shows the peers the numbers that they combine.
  private func stage(_ chunk: Int, _ perChunk: Int) {
    let (start, count) = place(chunk, perChunk)
    let area = segment.base + layout.staged(rank, chunk: chunk)
    for peer in companions.peers {
      let part = part(peer, of: count)
      companions.stage(
        area + part.lowerBound * size, address + (start + part.lowerBound) * size,
        part.count * size)
    }
    companions.tell(.staged, moment(number, chunk + 2))
  }

  /// Combines this rank's part, into its own memory and where the peers read it.
  private func reduce(_ chunk: Int, _ perChunk: Int) throws(CollectiveError) {
    let (start, count) = place(chunk, perChunk)
    let part = part(rank, of: count)
    let offset = part.lowerBound * size
    let own = address + start * size + offset
    if chunk >= SegmentLayout.stageCount {
      try companions.waitForAll(
        .done, moment(number, chunk - SegmentLayout.stageCount + 1), in: running)
    }
    combine(
      (0..<layout.worldSize).map {
        UnsafeRawPointer($0 == rank ? own : segment.base + layout.staged($0, chunk: chunk) + offset)
      },
      into: own, and: segment.base + layout.reduced(rank, chunk: chunk), count: part.count,
      elementType, op)
    companions.tell(.reduced, moment(number, chunk + 1))
  }

  /// Takes the parts that the peers have combined.
  private func collect(_ chunk: Int, _ perChunk: Int) throws(CollectiveError) {
    let (start, count) = place(chunk, perChunk)
    for peer in companions.peers {
      try companions.wait(peer, .reduced, moment(number, chunk + 1), in: running)
      let part = part(peer, of: count)
      csm_copy(
        address + (start + part.lowerBound) * size,
        segment.base + layout.reduced(peer, chunk: chunk),
        part.count * size, 0)
    }
    companions.tell(.done, moment(number, chunk + 1))
  }
}
