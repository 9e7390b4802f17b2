internal import CSharedMemory

/// An all-reduce of more than a slot holds: each rank reduces one part of the elements.
///
/// If the buffers of all ranks are in the shared heap, each rank reads its part directly from them
/// and writes the result into all of them: every element is read once and written once. Other
/// buffers are copied through the staging areas, one chunk at a time. Both paths combine an element
/// in rank order, so the result does not depend on the path or the chunk size.
struct SharedAllReduce {
  let peers: HostPeers
  let running: RunningCall
  let address: UnsafeMutableRawPointer
  let count: Int
  let elementType: ElementType
  let op: ReduceOp

  private var segment: SharedSegment { peers.segment }
  private var layout: SegmentLayout { peers.layout }
  private var rank: Int { peers.rank }
  private var number: UInt64 { running.number }
  private var size: Int { elementType.byteCount }

  func run() throws(CollectiveError) {
    let exchange = Exchange(
      peers: peers, running: running, outgoing: .same(address, bytes: count * size),
      incoming: .presence)
    let buffers = try exchange.startTogether()
    if let buffers { try reduceInPlace(buffers) } else { try reduceChunks() }
    peers.publish(.done, sequence(number + 1, 0))
  }

  /// The part of `count` elements that a rank reduces; parts begin at a cache line.
  private func part(_ rank: Int, of count: Int) -> Range<Int> {
    let line = 64 / size
    let each = rounded((count + layout.worldSize - 1) / layout.worldSize, to: line)
    return min(rank * each, count)..<min((rank + 1) * each, count)
  }

  // MARK: Buffers in the shared heap

  private func reduceInPlace(_ buffers: [UnsafeMutableRawPointer]) throws(CollectiveError) {
    let mine = part(rank, of: count)
    // Small steps, so that the elements of all ranks stay in the cache.
    let step = max(64, (128 << 10) / size / layout.worldSize / 64 * 64)
    for start in stride(from: mine.lowerBound, to: mine.upperBound, by: step) {
      let offset = start * size
      let count = min(step, mine.upperBound - start)
      let second = layout.worldSize > 1 ? buffers[1] + offset : nil
      combine(
        buffers.map { UnsafeRawPointer($0 + offset) }, into: buffers[0] + offset, and: second,
        count: count, elementType, op)
      for other in buffers.dropFirst(2) {
        csm_copy(other + offset, buffers[0] + offset, count * size, 0)
      }
    }
    peers.publish(.reduced, sequence(number, 1))
    try peers.waitForAll(.reduced, sequence(number, 1), in: running)
  }

  // MARK: Other buffers

  private func reduceChunks() throws(CollectiveError) {
    try peers.waitForAll(.done, sequence(number, 0), in: running)
    let perChunk = layout.chunkBytes / size
    let chunks = (count + perChunk - 1) / perChunk
    stage(0, perChunk)
    for chunk in 0..<chunks {
      // Staging buffers are reused after three chunks. The waits below imply that peers finished
      // the chunk before last.
      if chunk + 1 < chunks { stage(chunk + 1, perChunk) }
      try peers.waitForAll(.staged, sequence(number, chunk + 2), in: running)
      try reduce(chunk, perChunk)
      if chunk > 0 { try collect(chunk - 1, perChunk) }
    }
    try collect(chunks - 1, perChunk)
  }

  /// The elements of a chunk.
  private func range(_ chunk: Int, _ perChunk: Int) -> (start: Int, count: Int) {
    (chunk * perChunk, min(perChunk, count - chunk * perChunk))
  }

  /// Copies the elements that the peers reduce into the staging area.
  private func stage(_ chunk: Int, _ perChunk: Int) {
    let (start, count) = range(chunk, perChunk)
    let area = segment.base + layout.staged(rank, chunk: chunk)
    for peer in peers.others {
      let part = part(peer, of: count)
      peers.stage(
        area + part.lowerBound * size, address + (start + part.lowerBound) * size,
        part.count * size)
    }
    peers.publish(.staged, sequence(number, chunk + 2))
  }

  /// Reduces this rank's part into its buffer and into memory that the peers read.
  private func reduce(_ chunk: Int, _ perChunk: Int) throws(CollectiveError) {
    let (start, count) = range(chunk, perChunk)
    let part = part(rank, of: count)
    let offset = part.lowerBound * size
    let own = address + start * size + offset
    if chunk >= SegmentLayout.stageCount {
      try peers.waitForAll(
        .done, sequence(number, chunk - SegmentLayout.stageCount + 1), in: running)
    }
    combine(
      (0..<layout.worldSize).map {
        UnsafeRawPointer($0 == rank ? own : segment.base + layout.staged($0, chunk: chunk) + offset)
      },
      into: own, and: segment.base + layout.reduced(rank, chunk: chunk), count: part.count,
      elementType, op)
    peers.publish(.reduced, sequence(number, chunk + 1))
  }

  /// Copies the parts that the peers have reduced.
  private func collect(_ chunk: Int, _ perChunk: Int) throws(CollectiveError) {
    let (start, count) = range(chunk, perChunk)
    for peer in peers.others {
      try peers.wait(peer, .reduced, sequence(number, chunk + 1), in: running)
      let part = part(peer, of: count)
      csm_copy(
        address + (start + part.lowerBound) * size,
        segment.base + layout.reduced(peer, chunk: chunk),
        part.count * size, 0)
    }
    peers.publish(.done, sequence(number, chunk + 1))
  }
}
