internal import CSharedMemory
internal import Support

/// The messages to and from one peer.
///
/// A message in the ring buffer is its tag and size, 8 bytes each, followed by its bytes, padded to
/// 16.
///
/// `@unchecked Sendable`: ``PointToPoint`` accesses it with its lock held.
final class PointToPointChannel: @unchecked Sendable {
  private struct Message {
    let buffer: CollectiveBuffer
    let tag: Int
    let work: PointToPointWork
    let deadline: Deadline
  }

  /// A message being received: into the buffer of its receive, or into a temporary one if no
  /// receive with its tag has been started.
  private final class IncomingMessage {
    let tag: Int
    let bytes: Int
    let message: Message?
    let memory: CollectiveBuffer?
    var received = 0

    init(tag: Int, bytes: Int, message: Message?) {
      self.tag = tag
      self.bytes = bytes
      self.message = message
      memory = message == nil ? PlainMemory(byteCount: bytes).buffer(bytes, .uint8) : nil
    }

    var address: UnsafeMutableRawPointer {
      guard let address = message?.buffer.address ?? memory?.address else {
        preconditionFailure("an incoming message has no buffer")
      }
      return address
    }
  }

  private let peer: Int
  private let peers: HostPeers
  private let outgoing: Ring
  private let incoming: Ring
  private var sends: [Message] = []
  /// The number of bytes of the first send that have been written; -1 before its header.
  private var sent = -1
  private var receives: [Message] = []
  private var current: IncomingMessage?
  /// Messages whose receives have not been started.
  private var unexpected: [IncomingMessage] = []
  private var sizeMismatch: CollectiveError?

  private init(_ peer: Int, _ peers: HostPeers) {
    self.peer = peer
    self.peers = peers
    let layout = peers.layout
    outgoing = Ring(peers.segment.base + layout.channel(from: peers.rank, to: peer))
    incoming = Ring(peers.segment.base + layout.channel(from: peer, to: peers.rank))
  }

  static func with(_ peer: Int, in channels: inout [Int: PointToPointChannel], _ peers: HostPeers)
    -> PointToPointChannel
  {
    if let channel = channels[peer] { return channel }
    let channel = PointToPointChannel(peer, peers)
    channels[peer] = channel
    return channel
  }

  func add(_ transfer: Transfer, for work: PointToPointWork, _ deadline: Deadline) {
    let message = Message(
      buffer: transfer.buffer, tag: transfer.tag, work: work, deadline: deadline)
    switch transfer {
    case .send: sends.append(message)
    case .receive: receives.append(message)
    }
  }

  /// Moves all bytes that can be moved now; returns whether all messages are complete.
  func move() -> Bool {
    let moved = send()
    let received = receive()
    if moved || received { csm_notify(peers.segment.messageEvent(peer)) }
    return sends.isEmpty && receives.isEmpty && current?.message == nil
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
    var hasMoved = deliverUnexpected()
    while !receives.isEmpty || current?.message != nil {
      if current == nil {
        guard sizeMismatch == nil, let head = incoming.readHeader() else { break }
        hasMoved = true
        let index = receives.firstIndex { $0.tag == head.tag }
        if let index, receives[index].buffer.byteCount != head.bytes {
          sizeMismatch = sizeError(receives[index], head.bytes)
          break
        }
        current = IncomingMessage(
          tag: head.tag, bytes: head.bytes, message: index.map { receives.remove(at: $0) })
      }
      guard let incomingMessage = current else { break }
      let count = incoming.read(
        incomingMessage.address + incomingMessage.received,
        incomingMessage.bytes - incomingMessage.received)
      if count > 0 { hasMoved = true }
      incomingMessage.received += count
      guard incomingMessage.received == incomingMessage.bytes else { break }
      current = nil
      if let message = incomingMessage.message {
        message.work.finishOne()
      } else {
        unexpected.append(incomingMessage)
      }
      if deliverUnexpected() { hasMoved = true }
    }
    return hasMoved
  }

  /// Copies buffered messages into the buffers of receives that have been started since.
  private func deliverUnexpected() -> Bool {
    var hasDelivered = false
    for message in receives {
      guard let index = unexpected.firstIndex(where: { $0.tag == message.tag }) else { continue }
      guard unexpected[index].bytes == message.buffer.byteCount else {
        sizeMismatch = sizeError(message, unexpected[index].bytes)
        continue
      }
      let buffered = unexpected.remove(at: index)
      message.buffer.address.copyMemory(from: buffered.address, byteCount: buffered.bytes)
      receives.removeAll { $0.work === message.work && $0.buffer.address == message.buffer.address }
      message.work.finishOne()
      hasDelivered = true
    }
    return hasDelivered
  }

  private func sizeError(_ message: Message, _ bytes: Int) -> CollectiveError {
    CollectiveError(
      .mismatch,
      "rank \(peer) sends \(bytes) bytes with tag \(message.tag), but rank \(peers.rank) receives "
        + "\(message.buffer.byteCount): use equal sizes on both ranks", rank: peers.rank)
  }

  /// Why the remaining messages cannot complete; `nil` while they can.
  func failure() -> (failure: GroupFailure, error: CollectiveError?)? {
    if let sizeMismatch { return (GroupFailure(.mismatch, peer), sizeMismatch) }
    guard
      let first = (sends + receives).min(by: { $0.deadline.instant < $1.deadline.instant })
        ?? current?.message
    else { return nil }
    if csm_liveness_is_lost(peers.segment.livenessLock(peer)) != 0 {
      return move() ? nil : (GroupFailure(.lost, peer), nil)
    }
    if peers.hasReached(peer, .presence, 2) {
      return move() ? nil : (GroupFailure(.left, peer), nil)
    }
    guard first.deadline.hasPassed else { return nil }
    let isSend = !sends.isEmpty && sends[0].deadline.instant == first.deadline.instant
    return (
      GroupFailure(.late, peer),
      CollectiveError(
        .timedOut,
        "rank \(peer) did not \(isSend ? "receive" : "send") a message with tag \(first.tag) "
          + "within \(peers.timeout)", rank: peers.rank)
    )
  }

  func fail(_ error: CollectiveError) {
    for message in sends + receives + [current?.message].compactMap({ $0 }) {
      message.work.fail(error)
    }
    sends = []
    receives = []
    current = nil
  }
}

/// A ring buffer in the shared memory, for the bytes from one rank to another.
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

  func readHeader() -> (tag: Int, bytes: Int)? {
    guard filled >= 16 else { return nil }
    let start = csm_load64(read)
    let head = (data + Int(start) % size).assumingMemoryBound(to: UInt64.self)
    let value = (tag: Int(head[0]), bytes: Int(head[1]))
    csm_store64(read, start + 16)
    return value
  }

  /// Writes as many bytes as fit; the end of a message is padded to 16 bytes.
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
