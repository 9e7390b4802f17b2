internal import CSharedMemory
internal import Support

/// The messages from and to one peer; used under the lock of the mail.
///
/// In a ring a message is its tag and size, 8 bytes each, and its bytes, filled up to 16.
final class MailChannel: @unchecked Sendable {
  // Sendable: SharedMail touches it under its lock only.
  private struct Message {
    let buffer: CollectiveBuffer
    let tag: Int
    let work: MailWork
    let deadline: Deadline
  }

  /// A message that is coming in, to where it was asked for or to memory of its own.
  private final class Arriving {
    let tag: Int
    let bytes: Int
    let message: Message?
    let memory: CollectiveBuffer?
    var received = 0

    init(tag: Int, bytes: Int, message: Message?) {
      (self.tag, self.bytes, self.message) = (tag, bytes, message)
      memory = message == nil ? PlainMemory(byteCount: bytes).buffer(bytes, .uint8) : nil
    }

    var address: UnsafeMutableRawPointer {
      guard let address = message?.buffer.address ?? memory?.address else {
        preconditionFailure("a message has somewhere to go")
      }
      return address
    }
  }

  private let peer: Int
  private let companions: Companions
  private let outgoing: Ring
  private let incoming: Ring
  private var sends: [Message] = []
  private var sent = -1  // bytes of the first, -1 before its head
  private var receives: [Message] = []
  private var arriving: Arriving?
  private var setAside: [Arriving] = []
  private var wrongSize: CollectiveError?

  private init(_ peer: Int, _ companions: Companions) {
    (self.peer, self.companions) = (peer, companions)
    let layout = companions.layout
    outgoing = Ring(companions.segment.base + layout.channel(from: companions.rank, to: peer))
    incoming = Ring(companions.segment.base + layout.channel(from: peer, to: companions.rank))
  }

  static func with(_ peer: Int, in channels: inout [Int: MailChannel], _ companions: Companions)
    -> MailChannel
  {
    if let channel = channels[peer] { return channel }
    let channel = MailChannel(peer, companions)
    channels[peer] = channel
    return channel
  }

  func add(_ transfer: Transfer, for work: MailWork, _ deadline: Deadline) {
    let message = Message(
      buffer: transfer.buffer, tag: transfer.tag, work: work, deadline: deadline)
    switch transfer {
    case .send: sends.append(message)
    case .receive: receives.append(message)
    }
  }

  /// Moves what can be moved; returns whether nothing is left to do.
  func move() -> Bool {
    let moved = send()
    let received = receive()
    if moved || received { csm_ring(companions.segment.mailBell(peer)) }
    return sends.isEmpty && receives.isEmpty && arriving?.message == nil
  }

  private func send() -> Bool {
    var hasMoved = false
    while let first = sends.first {
      if sent < 0 {
        guard outgoing.write(tag: first.tag, bytes: first.buffer.byteCount) else { break }
        sent = 0
        hasMoved = true
      }
      let count = outgoing.write(first.buffer.address + sent, first.buffer.byteCount - sent)
      if count > 0 { hasMoved = true }
      sent += count
      guard sent == first.buffer.byteCount else { break }
      sends.removeFirst()
      sent = -1
      first.work.finishOne()
    }
    return hasMoved
  }

  private func receive() -> Bool {
    var hasMoved = takeSetAside()
    while !receives.isEmpty || arriving?.message != nil {
      if arriving == nil {
        guard wrongSize == nil, let head = incoming.readHead() else { break }
        hasMoved = true
        let index = receives.firstIndex { $0.tag == head.tag }
        if let index, receives[index].buffer.byteCount != head.bytes {
          wrongSize = sizeError(receives[index], head.bytes)
          break
        }
        arriving = Arriving(
          tag: head.tag, bytes: head.bytes, message: index.map { receives.remove(at: $0) })
      }
      guard let current = arriving else { break }
      let count = incoming.read(
        current.address + current.received, current.bytes - current.received)
      if count > 0 { hasMoved = true }
      current.received += count
      guard current.received == current.bytes else { break }
      arriving = nil
      if let message = current.message {
        message.work.finishOne()
      } else {
        setAside.append(current)
      }
      if takeSetAside() { hasMoved = true }
    }
    return hasMoved
  }

  /// Gives what has been set aside to those who ask for it now.
  private func takeSetAside() -> Bool {
    var hasTaken = false
    for message in receives {
      guard let index = setAside.firstIndex(where: { $0.tag == message.tag }) else { continue }
      guard setAside[index].bytes == message.buffer.byteCount else {
        wrongSize = sizeError(message, setAside[index].bytes)
        continue
      }
      let kept = setAside.remove(at: index)
      message.buffer.address.copyMemory(from: kept.address, byteCount: kept.bytes)
      receives.removeAll { $0.work === message.work && $0.buffer.address == message.buffer.address }
      message.work.finishOne()
      hasTaken = true
    }
    return hasTaken
  }

  private func sizeError(_ message: Message, _ bytes: Int) -> CollectiveError {
    CollectiveError(
      .mismatch,
      "rank \(peer) sends \(bytes) bytes under tag \(message.tag) where rank \(companions.rank) receives "
        + "\(message.buffer.byteCount)", rank: companions.rank)
  }

  /// Why what is left to do cannot be done.
  func problem() -> (breakage: Breakage, error: CollectiveError?)? {
    if let wrongSize { return (Breakage(.mismatch, peer), wrongSize) }
    guard
      let first = (sends + receives).min(by: { $0.deadline.instant < $1.deadline.instant })
        ?? arriving?.message
    else { return nil }
    if csm_life_is_lost(companions.segment.base + companions.layout.life(peer)) != 0 {
      return move() ? nil : (Breakage(.lost, peer), nil)
    }
    if companions.has(peer, .presence, 2) { return move() ? nil : (Breakage(.left, peer), nil) }
    guard first.deadline.hasPassed else { return nil }
    let isSend = !sends.isEmpty && sends[0].deadline.instant == first.deadline.instant
    return (
      Breakage(.late, peer),
      CollectiveError(
        .timedOut,
        "rank \(peer) did not \(isSend ? "receive" : "send") a message with tag \(first.tag) within "
          + "\(companions.timeout)", rank: companions.rank)
    )
  }

  func fail(_ error: CollectiveError) {
    for message in sends + receives + [arriving?.message].compactMap({ $0 }) {
      message.work.fail(error)
    }
    sends = []
    receives = []
    arriving = nil
  }
}

/// Bytes on their way from one rank to another.
private struct Ring {
  private let written: UnsafeMutablePointer<UInt64>
  private let read: UnsafeMutablePointer<UInt64>
  private let data: UnsafeMutableRawPointer
  private var size: Int { SegmentLayout.channelBytes }

  init(_ base: UnsafeMutableRawPointer) {
    written = base.assumingMemoryBound(to: UInt64.self)
    read = (base + 64).assumingMemoryBound(to: UInt64.self)
    data = base + 128
  }

  private var free: Int { size - Int(csm_load64(written) - csm_load64(read)) }
  private var filled: Int { Int(csm_load64(written) - csm_load64(read)) }

  func write(tag: Int, bytes: Int) -> Bool {
    guard free >= 16 else { return false }
    let end = csm_load64(written)
    let head = (data + Int(end) % size).assumingMemoryBound(to: UInt64.self)
    head[0] = UInt64(tag)
    head[1] = UInt64(bytes)
    csm_store64(written, end + 16)
    return true
  }

  func readHead() -> (tag: Int, bytes: Int)? {
    guard filled >= 16 else { return nil }
    let start = csm_load64(read)
    let head = (data + Int(start) % size).assumingMemoryBound(to: UInt64.self)
    let value = (tag: Int(head[0]), bytes: Int(head[1]))
    csm_store64(read, start + 16)
    return value
  }

  /// Writes as much as there is room for; a message's last piece is filled up to 16 bytes.
  func write(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
    var done = 0
    while done < count {
      let end = csm_load64(written)
      let offset = Int(end) % size
      let piece = min(count - done, free, size - offset)
      guard piece > 0 else { break }
      csm_copy(data + offset, bytes + done, piece, 0)
      done += piece
      let next = Int(end) + piece
      csm_store64(written, UInt64(done == count ? rounded(next, to: 16) : next))
    }
    return done
  }

  func read(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
    var done = 0
    while done < count {
      let start = csm_load64(read)
      let offset = Int(start) % size
      let piece = min(count - done, filled, size - offset)
      guard piece > 0 else { break }
      csm_copy(bytes + done, data + offset, piece, 0)
      done += piece
      let next = Int(start) + piece
      csm_store64(read, UInt64(done == count ? rounded(next, to: 16) : next))
    }
    return done
  }
}
