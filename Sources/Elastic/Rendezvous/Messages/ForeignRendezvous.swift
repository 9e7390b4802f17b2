import Collectives
import Support

/// Recognizes PyTorch's store, through which torchrun's nodes meet, at either end of a connection.
///
/// torchrun and Lockstep have different rendezvous protocols. Without this check each would wait
/// for the other until its join timeout.
enum ForeignRendezvous {
  /// The bytes that a client of PyTorch's store sends first.
  static let storeHello = StoreRequest.validate(magic: StoreWire.magic).encoded

  /// Whether a client of PyTorch's store may have sent these bytes; `nil` if more bytes decide it.
  static func isStoreHello(_ bytes: some Collection<UInt8>) -> Bool? {
    let start = bytes.prefix(storeHello.count)
    guard storeHello.starts(with: start) else { return false }
    return start.count == storeHello.count ? true : nil
  }

  /// Whether a server of PyTorch's store answers at an address.
  static func storeAnswers(at address: HostAddress, within limit: Duration) -> Bool {
    let deadline = Deadline(after: limit)
    let nonce = UInt32.random(in: 1...UInt32.max)
    do throws(ClientSocket.Failure) {
      let socket = try ClientSocket(connectedTo: address, before: deadline)
      try socket.send(storeHello + StoreRequest.ping(nonce: nonce).encoded, before: deadline)
      var answer: [UInt8] = []
      while answer.count < 4 {
        try socket.receive(upTo: 4 - answer.count, into: &answer, before: deadline)
      }
      return answer == withUnsafeBytes(of: nonce.littleEndian) { Array($0) }
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
