internal import CSharedMemory

/// What a rank gives in a call.
enum Outgoing: @unchecked Sendable {
  // Sendable as CollectiveBuffer is: addresses that are left alone until the call ends.
  /// Nothing but the word that it has come.
  case presence
  /// The same bytes to everyone who reads.
  case same(UnsafeMutableRawPointer, bytes: Int)
  /// A piece for each rank, at these addresses, which are side by side if all have as many bytes.
  case pieces([UnsafeMutableRawPointer], bytes: [Int])
}

/// What a rank takes in a call.
enum Incoming: @unchecked Sendable {
  // Sendable as Outgoing is.
  case nothing
  /// Waits for all peers, and takes nothing.
  case presence
  /// From each rank so many bytes (0: none) to an address.
  case copies([UnsafeMutableRawPointer?], bytes: [Int])
  /// All ranks' bytes combined, this rank's own among them.
  case combination(
    into: UnsafeMutableRawPointer, own: UnsafeMutableRawPointer, bytes: Int, ElementType, ReduceOp)
}

/// One call in which ranks give memory and take from one another's.
///
/// A giver names where its bytes are: in its slot when they are few, in the group's memory when they lie
/// there already, or else chunk after chunk in its staging area, which stays in the processor's cache.
/// Takers read from there into their own memory, so nothing is copied that need not be.
struct Exchange {
  let companions: Companions
  let running: RunningCall
  let outgoing: Outgoing
  let incoming: Incoming

  private var segment: SharedSegment { companions.segment }
  private var layout: SegmentLayout { companions.layout }
  private var number: UInt64 { running.number }

  /// How the bytes of a rank reach its peers; the first word of a slot's header, the call is the second and
  /// an offset the third.
  private enum Mode: UInt64 { case none, slot, chunks, direct }

  private func header(_ rank: Int) -> UnsafeMutablePointer<UInt64> {
    segment.word(layout.slot(rank, call: number))
  }

  /// The room for each piece in `room` bytes.
  private func share(of room: Int) -> Int { room / layout.worldSize / 64 * 64 }

  private var isPiecewise: Bool {
    running.call.kind == .scatter || running.call.kind == .allToAll
      || running.call.kind == .reduceScatter
  }

  /// The bytes of a rank in one chunk.
  private var unit: Int { isPiecewise ? share(of: layout.chunkBytes) : layout.chunkBytes }

  // MARK: Giving

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
    let room = isPiecewise ? share(of: SegmentLayout.slotBytes) : SegmentLayout.slotBytes
    if bytes <= room { return .slot }
    return heapOffset == nil ? .chunks : .direct
  }

  /// Where in the group's memory the bytes are, if they are all there.
  private var heapOffset: Int? {
    switch outgoing {
    case .presence: return nil
    case .same(let address, let bytes): return companions.heapOffset(address, bytes)
    case .pieces(let addresses, let bytes):
      guard let first = addresses.first, Set(bytes).count == 1 else { return nil }
      for (index, address) in addresses.enumerated() where address != first + index * bytes[0] {
        return nil
      }
      return companions.heapOffset(first, bytes[0] * bytes.count)
    }
  }

  /// Whether the rank can give at once, without waiting and without a thread: what it gives is small, and
  /// no peer still reads the slot.
  func canPost() -> Bool {
    let mode = self.mode
    guard mode == .none || mode == .slot else { return false }
    return companions.peers.allSatisfy { companions.has($0, .done, slotIsFree) }
  }

  private var slotIsFree: UInt64 {
    let slots = UInt64(SegmentLayout.slotCount)
    return moment(number >= slots ? number - slots + 1 : 0, 0)
  }

  /// Says that the rank has come, and what it gives if that fits a slot.
  func post() {
    let header = self.header(companions.rank)
    let mode = self.mode
    if mode == .slot {
      copyOut(chunk: 0, to: header + 8, stride: share(of: SegmentLayout.slotBytes))
    }
    header[0] = mode.rawValue
    header[1] = running.call.word
    header[2] = UInt64(heapOffset ?? 0)
    companions.tell(.staged, moment(number, 1))
  }

  private func copyOut(chunk: Int, to area: UnsafeMutableRawPointer, stride: Int) {
    switch outgoing {
    case .presence: break
    case .same(let address, let bytes):
      let start = chunk * unit
      companions.stage(area, address + start, min(unit, bytes - start))
    case .pieces(let addresses, let bytes):
      for (peer, address) in addresses.enumerated() where peer != companions.rank {
        let start = chunk * unit
        guard start < bytes[peer] else { continue }
        companions.stage(
          area + peer * stride, address + start, min(unit, bytes[peer] - start))
      }
    }
  }

  // MARK: Doing it all

  /// Gives and takes; returns when this rank's memory is its own again.
  func run(posted: Bool) throws(CollectiveError) {
    if !posted {
      try companions.waitForAll(.done, slotIsFree, in: running)
      post()
    }
    let mode = self.mode
    let given = mode == .chunks ? (outgoingBytes + unit - 1) / unit : 0
    let taken = takenChunks
    if case .presence = incoming {
      for peer in companions.peers { _ = try arrival(peer) }
    }
    for chunk in 0..<max(given, taken) {
      if chunk < given {
        // A chunk's place is free when peers are done with the chunk before in it, or with all earlier calls.
        let before = chunk - SegmentLayout.stageCount
        try companions.waitForAll(
          .done, before < 0 ? moment(number, 0) : moment(number, before + 1), in: running)
        copyOut(
          chunk: chunk, to: segment.base + layout.staged(companions.rank, chunk: chunk),
          stride: unit)
        companions.tell(.staged, moment(number, chunk + 2))
      }
      if chunk < taken { try take(chunk) }
      companions.tell(.done, moment(number, chunk + 1))
    }
    companions.tell(.done, moment(number + 1, 0))
    if mode == .direct { try companions.waitForAll(.done, moment(number + 1, 0), in: running) }
  }

  /// Comes to a call and sees how all others came.
  ///
  /// - Returns: Where all ranks' bytes are, if all lie in the group's memory.
  func meet() throws(CollectiveError) -> [UnsafeMutableRawPointer]? {
    try companions.waitForAll(.done, slotIsFree, in: running)
    post()
    var areDirect = mode == .direct
    for peer in companions.peers where try arrival(peer) != .direct { areDirect = false }
    guard areDirect else { return nil }
    return (0..<layout.worldSize).map { segment.base + Int(header($0)[2]) }
  }

  // MARK: Taking

  private var takenChunks: Int {
    switch incoming {
    case .nothing, .presence: 0
    case .copies(_, let bytes):
      // An own piece alone is copied too.
      ((bytes.max() ?? 0) + unit - 1) / unit
    case .combination(_, _, let bytes, _, _): (bytes + unit - 1) / unit
    }
  }

  /// Waits for a peer to come, and sees that it makes the same call.
  private func arrival(_ peer: Int) throws(CollectiveError) -> Mode {
    try companions.wait(peer, .staged, moment(number, 1), in: running)
    let header = self.header(peer)
    guard header[1] == running.call.word else {
      throw companions.mismatch(peer, calls: header[1], instead: running.call)
    }
    return Mode(rawValue: header[0]) ?? .none
  }

  /// Where a chunk of a peer can be read.
  private func source(_ peer: Int, _ chunk: Int, bytes: Int) throws(CollectiveError)
    -> UnsafeMutableRawPointer
  {
    let mode = try arrival(peer)
    let piece = isPiecewise ? companions.rank : 0
    switch mode {
    case .none: throw companions.mismatch(peer, calls: header(peer)[1], instead: running.call)
    case .slot:
      return UnsafeMutableRawPointer(header(peer) + 8) + piece * share(of: SegmentLayout.slotBytes)
    case .chunks:
      try companions.wait(peer, .staged, moment(number, chunk + 2), in: running)
      return segment.base + layout.staged(peer, chunk: chunk) + piece * unit
    case .direct:
      return segment.base + Int(header(peer)[2]) + piece * bytes + chunk * unit
    }
  }

  private func take(_ chunk: Int) throws(CollectiveError) {
    let start = chunk * unit
    switch incoming {
    case .nothing, .presence: break
    case .copies(let addresses, let bytes):
      if let own = addresses[companions.rank], start < bytes[companions.rank] {
        copyOwn(to: own, start, min(unit, bytes[companions.rank] - start))
      }
      for peer in companions.peers where start < bytes[peer] {
        guard let address = addresses[peer] else { continue }
        let from = try source(peer, chunk, bytes: bytes[peer])
        csm_copy(
          address + start, from, min(unit, bytes[peer] - start),
          bytes[peer] > streamingBytes ? 1 : 0)
      }
    case .combination(let target, let own, let bytes, let type, let op):
      var sources: [UnsafeRawPointer?] = []
      for rank in 0..<layout.worldSize {
        if rank == companions.rank {
          sources.append(UnsafeRawPointer(own + start))
        } else {
          sources.append(UnsafeRawPointer(try source(rank, chunk, bytes: bytes)))
        }
      }
      combine(
        sources, into: target + start, count: min(unit, bytes - start) / type.byteCount, type, op)
    }
  }

  /// What a rank gives to itself.
  private func copyOwn(to address: UnsafeMutableRawPointer, _ start: Int, _ count: Int) {
    let from: UnsafeMutableRawPointer
    switch outgoing {
    case .presence: return
    case .same(let all, _): from = all
    case .pieces(let pieces, _): from = pieces[companions.rank]
    }
    if from != address { (address + start).copyMemory(from: from + start, byteCount: count) }
  }
}

/// Larger results do not stay in the caches, so they are written past them.
let streamingBytes = 4 << 20

extension Companions {
  /// Where in the segment bytes of this rank's heap are; nil for memory that peers do not see.
  func heapOffset(_ address: UnsafeMutableRawPointer, _ bytes: Int) -> Int? {
    let offset = address - segment.base
    let heap = layout.heap(rank)
    return offset >= heap && offset + bytes <= heap + layout.heapBytes ? offset : nil
  }

  /// Breaks the group because two ranks make different calls.
  func mismatch(_ peer: Int, calls word: UInt64, instead call: SharedCall) -> CollectiveError {
    let other = SharedCall(word: word).map { "\($0)" } ?? "something else"
    let error = CollectiveError(
      .mismatch,
      "rank \(peer) calls \(other) where rank \(rank) calls \(call). All ranks make the same calls in "
        + "the same order",
      rank: rank)
    return breakGroup(Breakage(.mismatch, peer), because: error)
  }
}
