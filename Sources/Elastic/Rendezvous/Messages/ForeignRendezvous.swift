import Collectives
import Support

/// Recognizes PyTorch's store, through which torchrun's nodes meet, at either end of a connection.
///
/// torchrun and Lockstep have different rendezvous protocols. Without this check each would wait
/// for the other until its join timeout.
enum ForeignRendezvous {
  /// The bytes that a client of PyTorch's store sends first.
  static let storeHello = StoreRequest.validate(magic: StoreWire.magic).encoded

  /// The nonce of this type's own pings.
  ///
  /// PyTorch's clients send their process id, which is never that large.
  private static let probeNonce: UInt32 = 0x4B43_4F4C

  /// Whether a client of PyTorch's store sent these bytes; `nil` if more bytes decide it.
  ///
  /// Such a client sends its hello and a ping. A node of Lockstep that checks which program answers
  /// at an endpoint does the same, and does not count.
  static func isStoreClient(_ bytes: some Collection<UInt8>) -> Bool? {
    let start = bytes.prefix(storeHello.count)
    guard storeHello.starts(with: start) else { return false }
    let probe = storeHello + StoreRequest.ping(nonce: probeNonce).encoded
    if bytes.count < probe.count { return nil }
    return !bytes.starts(with: probe)
  }

  /// Whether a server of PyTorch's store answers at an address.
  static func storeAnswers(at address: HostAddress, within limit: Duration) -> Bool {
    let deadline = Deadline(after: limit)
    do throws(ClientSocket.Failure) {
      let socket = try ClientSocket(connectedTo: address, before: deadline)
      try socket.send(storeHello + StoreRequest.ping(nonce: probeNonce).encoded, before: deadline)
      var answer: [UInt8] = []
      while answer.count < 4 {
        try socket.receive(upTo: 4 - answer.count, into: &answer, before: deadline)
      }
      return answer == StoreReply.nonce(probeNonce).encoded
    } catch {
      return false
    }
  }

  /// Whether a launcher of Lockstep answers at a port: it sends its protocol's name at once.
  static func lockstepAnswers(at host: String, _ port: Int) -> Bool {
    guard case .success(let addresses) = HostAddress.resolve(host, port) else { return false }
    let deadline = Deadline(after: .seconds(1))
    for address in addresses {
      guard let socket = try? ClientSocket(connectedTo: address, before: deadline) else { continue }
      var answer: [UInt8] = []
      while answer.count < Frame.magic.count {
        guard
          (try? socket.receive(
            upTo: Frame.magic.count - answer.count, into: &answer, before: deadline)) != nil
        else { break }
      }
      if answer == Frame.magic { return true }
    }
    return false
  }

  /// The error of a node whose endpoint belongs to another program.
  static func error(
    node: String, job: String, endpoint: Endpoint, _ reason: String
  ) -> ElasticError {
    ElasticError(
      .foreignRendezvous,
      "node \(node) cannot join job \(job) at \(endpoint): \(reason). Start all nodes with "
        + "lockstep run (or all with torchrun), or give this job another endpoint")
  }

  /// The message for the nodes of a job that a node of torchrun tries to join.
  static func notice(client: String) -> String {
    "a client of PyTorch's store, such as a torchrun node, tried to join from \(client), and "
      + "cannot take part: start all nodes with lockstep run (or all with torchrun), or give this "
      + "job another endpoint"
  }
}
