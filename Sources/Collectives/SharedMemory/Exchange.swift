internal import CSharedMemory

/// What a rank sends in a call.
///
/// `@unchecked Sendable`: as for ``CollectiveBuffer``, the memory is not accessed elsewhere until
/// the call ends.
enum Outgoing: @unchecked Sendable {
  /// No data, only the fact that the rank started the call.
  case presence
  /// The same bytes for every rank.
  case same(UnsafeMutableRawPointer, bytes: Int)
  /// One piece per rank.
  case pieces([UnsafeMutableRawPointer], bytes: [Int])
}

/// What a rank receives in a call.
///
/// `@unchecked Sendable`: as for ``Outgoing``.
enum Incoming: @unchecked Sendable {
  case nothing
  /// No data; waits until all peers have started the call.
  case presence
  /// `bytes[r]` bytes from rank r, copied to an address.
  case copies([UnsafeMutableRawPointer?], bytes: [Int])
  /// The reduction of all ranks' bytes, including this rank's.
  case combination(
    into: UnsafeMutableRawPointer, own: UnsafeMutableRawPointer, bytes: Int, ElementType, ReduceOp)
}

/// One call in which ranks exchange data.
///
/// A sender publishes where its bytes are: in its slot if they fit, in the shared heap if they are
/// already there, otherwise in its staging area. The staging area receives one chunk at a time, so
/// that the chunk stays in the processor's cache. Receivers copy from there into their own memory.
struct Exchange {
  let peers: HostPeers
  let running: RunningCall
  let outgoing: Outgoing
  let incoming: Incoming

  private var segment: SharedSegment { peers.segment }
  private var layout: SegmentLayout { peers.layout }
  private var number: UInt64 { running.number }

  /// Where the bytes of a rank are: the first word of a slot's header.
  ///
  /// The header's second word is the call, its third word an offset into the segment.
  private enum Mode: UInt64 { case none, slot, chunks, direct }

  private func header(_ rank: Int) -> UnsafeMutablePointer<UInt64> {
    segment.word(layout.slot(rank, call: number))
  }

  /// The bytes available for one rank's piece in an area of `size` bytes.
  private func share(of size: Int) -> Int { size / layout.worldSize / 64 * 64 }

  private var isPiecewise: Bool {
    running.call.kind == .scatter || running.call.kind == .allToAll
      || running.call.kind == .reduceScatter
  }

  /// The bytes of one rank in a chunk.
  private var unit: Int { isPiecewise ? share(of: layout.chunkBytes) : layout.chunkBytes }

  // MARK: Sending

  private var outgoingBytes: Int {
    switch outgoing {
    case .presence: 0
    case .same(_, let bytes): bytes
    case .pieces(_, let bytes): bytes.max() ?? 0
    }
  }

  private var mode: Mode {
    let bytes = outgoingBytes
    if bytes == 0 { return .none }
    let capacity = isPiecewise ? share(of: SegmentLayout.slotBytes) : SegmentLayout.slotBytes
    if bytes <= capacity { return .slot }
    return heapOffset == nil ? .chunks : .direct
  }

  /// The offset of the bytes in the segment; `nil` if they are not in this rank's heap, or not
  /// contiguous.
  private var heapOffset: Int? {
    switch outgoing {
    case .presence: return nil
    case .same(let address, let bytes): return peers.heapOffset(address, bytes)
    case .pieces(let addresses, let bytes):
      guard let first = addresses.first, Set(bytes).count == 1 else { return nil }
      for (index, address) in addresses.enumerated() where address != first + index * bytes[0] {
        return nil
      }
      return peers.heapOffset(first, bytes[0] * bytes.count)
    }
  }

  /// Whether ``post()`` can run now without waiting: the data fits in a slot that no peer still
  /// reads.
  func canPost() -> Bool {
    let mode = self.mode
    guard mode == .none || mode == .slot else { return false }
    return peers.others.allSatisfy { peers.hasReached($0, .done, slotIsFree) }
  }

  /// The `done` progress at which a peer no longer reads the slot that this call reuses.
  private var slotIsFree: UInt64 {
    let slots = UInt64(SegmentLayout.slotCount)
    return sequence(number >= slots ? number - slots + 1 : 0, 0)
  }

  /// Publishes that the rank started the call, with its data if that fits in a slot.
  func post() {
    let header = self.header(peers.rank)
    let mode = self.mode
    if mode == .slot {
      copyOut(chunk: 0, to: header + 8, stride: share(of: SegmentLayout.slotBytes))
    }
    header[0] = mode.rawValue
    header[1] = running.call.word
    header[2] = UInt64(heapOffset ?? 0)
    peers.publish(.staged, sequence(number, 1))
  }

  private func copyOut(chunk: Int, to area: UnsafeMutableRawPointer, stride: Int) {
    switch outgoing {
    case .presence: break
    case .same(let address, let bytes):
      let start = chunk * unit
      peers.stage(area, address + start, min(unit, bytes - start))
    case .pieces(let addresses, let bytes):
      for (peer, address) in addresses.enumerated() where peer != peers.rank {
        let start = chunk * unit
        guard start < bytes[peer] else { continue }
        peers.stage(
          area + peer * stride, address + start, min(unit, bytes[peer] - start))
      }
    }
  }

  // MARK: Running

  /// Sends and receives; returns when no peer reads this rank's memory any more.
  func run(posted: Bool) throws(CollectiveError) {
    if !posted {
      try peers.waitForAll(.done, slotIsFree, in: running)
      post()
    }
    let mode = self.mode
    let sentChunks = mode == .chunks ? (outgoingBytes + unit - 1) / unit : 0
    let receivedChunks = self.receivedChunks
    if case .presence = incoming {
      for peer in peers.others { _ = try arrival(peer) }
    }
    for chunk in 0..<max(sentChunks, receivedChunks) {
      if chunk < sentChunks {
        // A staging buffer is free when peers are done with its previous chunk, or with all earlier
        // calls.
        let before = chunk - SegmentLayout.stageCount
        try peers.waitForAll(
          .done, before < 0 ? sequence(number, 0) : sequence(number, before + 1), in: running)
        copyOut(
          chunk: chunk, to: segment.base + layout.staged(peers.rank, chunk: chunk),
          stride: unit)
        peers.publish(.staged, sequence(number, chunk + 2))
      }
      if chunk < receivedChunks { try receive(chunk) }
      peers.publish(.done, sequence(number, chunk + 1))
    }
    peers.publish(.done, sequence(number + 1, 0))
    if mode == .direct { try peers.waitForAll(.done, sequence(number + 1, 0), in: running) }
  }

  /// Starts the call and waits until all peers have started it.
  ///
  /// - Returns: The addresses of all ranks' data if all are in the shared heap; `nil` otherwise.
  func startTogether() throws(CollectiveError) -> [UnsafeMutableRawPointer]? {
    try peers.waitForAll(.done, slotIsFree, in: running)
    post()
    var areDirect = mode == .direct
    for peer in peers.others where try arrival(peer) != .direct { areDirect = false }
    guard areDirect else { return nil }
    return (0..<layout.worldSize).map { segment.base + Int(header($0)[2]) }
  }

  // MARK: Receiving

  private var receivedChunks: Int {
    switch incoming {
    case .nothing, .presence: 0
    case .copies(_, let bytes):
      // This rank's own piece counts too: it may be the only one.
      ((bytes.max() ?? 0) + unit - 1) / unit
    case .combination(_, _, let bytes, _, _): (bytes + unit - 1) / unit
    }
  }

  /// Waits until a peer has started the call, and checks that it started the same one.
  private func arrival(_ peer: Int) throws(CollectiveError) -> Mode {
    try peers.wait(peer, .staged, sequence(number, 1), in: running)
    let header = self.header(peer)
    guard header[1] == running.call.word else {
      throw peers.mismatch(peer, started: header[1], insteadOf: running.call)
    }
    return Mode(rawValue: header[0]) ?? .none
  }

  /// The address of a peer's chunk.
  private func source(_ peer: Int, _ chunk: Int, bytes: Int) throws(CollectiveError)
    -> UnsafeMutableRawPointer
  {
    let mode = try arrival(peer)
    let piece = isPiecewise ? peers.rank : 0
    switch mode {
    case .none: throw peers.mismatch(peer, started: header(peer)[1], insteadOf: running.call)
    case .slot:
      return UnsafeMutableRawPointer(header(peer) + 8) + piece * share(of: SegmentLayout.slotBytes)
    case .chunks:
      try peers.wait(peer, .staged, sequence(number, chunk + 2), in: running)
      return segment.base + layout.staged(peer, chunk: chunk) + piece * unit
    case .direct:
      return segment.base + Int(header(peer)[2]) + piece * bytes + chunk * unit
    }
  }

  private func receive(_ chunk: Int) throws(CollectiveError) {
    let start = chunk * unit
    switch incoming {
    case .nothing, .presence: break
    case .copies(let addresses, let bytes):
      if let own = addresses[peers.rank], start < bytes[peers.rank] {
        copyOwn(to: own, start, min(unit, bytes[peers.rank] - start))
      }
      for peer in peers.others where start < bytes[peer] {
        guard let address = addresses[peer] else { continue }
        let from = try source(peer, chunk, bytes: bytes[peer])
        csm_copy(
          address + start, from, min(unit, bytes[peer] - start),
          bytes[peer] > streamingBytes ? 1 : 0)
      }
    case .combination(let target, let own, let bytes, let type, let op):
      var sources: [UnsafeRawPointer?] = []
      for rank in 0..<layout.worldSize {
        if rank == peers.rank {
          sources.append(UnsafeRawPointer(own + start))
        } else {
          sources.append(UnsafeRawPointer(try source(rank, chunk, bytes: bytes)))
        }
      }
      combine(
        sources, into: target + start, count: min(unit, bytes - start) / type.byteCount, type, op)
    }
  }

  /// Copies the data that this rank sends to itself.
  private func copyOwn(to address: UnsafeMutableRawPointer, _ start: Int, _ count: Int) {
    let from: UnsafeMutableRawPointer
    switch outgoing {
    case .presence: return
    case .same(let all, _): from = all
    case .pieces(let pieces, _): from = pieces[peers.rank]
    }
    if from != address { (address + start).copyMemory(from: from + start, byteCount: count) }
  }
}

/// Larger results do not stay in the caches, so they are written with non-temporal stores.
let streamingBytes = 4 << 20

extension HostPeers {
  /// The offset of memory in the segment; `nil` if it is not in this rank's heap.
  func heapOffset(_ address: UnsafeMutableRawPointer, _ bytes: Int) -> Int? {
    let offset = address - segment.base
    let heap = layout.heap(rank)
    return offset >= heap && offset + bytes <= heap + layout.heapBytes ? offset : nil
  }

  /// Marks the group as failed because two ranks started different collectives.
  func mismatch(_ peer: Int, started word: UInt64, insteadOf call: SharedCall) -> CollectiveError {
    let other = SharedCall(word: word).map { "\($0)" } ?? "an unknown collective"
    let error = CollectiveError(
      .mismatch,
      "rank \(peer) started \(other), but rank \(rank) started \(call): make all ranks start the "
        + "same collectives in the same order",
      rank: rank)
    return failGroup(GroupFailure(.mismatch, peer), error: error)
  }
}
