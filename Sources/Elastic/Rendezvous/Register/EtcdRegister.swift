import FoundationEssentials
import Synchronization

/// A register in etcd 3.4 or newer: one key with a lease, so that it vanishes when its host is silent.
package final class EtcdRegister: HostRegister {
  package let lease: Duration
  package let description: String

  private let client: EtcdClient
  private let key: String
  private let readTimeout: Duration
  private let heartbeatTimeout: Duration
  private let leaseID = Mutex<String?>(nil)

  /// Prepares the calls; nothing is sent yet.
  ///
  /// - Parameters:
  ///   - endpoint: Where etcd listens for clients.
  ///   - job: The job's name, a part of the key.
  ///   - lease: How long a silent host keeps its place; whole seconds.
  ///   - readTimeout: How long a call may take.
  ///   - heartbeatTimeout: How long one that renews the lease may take.
  package init(
    endpoint: Endpoint, job: String, lease: Duration, readTimeout: Duration,
    heartbeatTimeout: Duration
  ) {
    client = EtcdClient(endpoint)
    key = Data("/lockstep/rendezvous/\(job)/host".utf8).base64EncodedString()
    self.lease = lease
    self.readTimeout = readTimeout
    self.heartbeatTimeout = heartbeatTimeout
    description = "etcd at \(endpoint)"
  }

  package func look() throws(ElasticError) -> RegisterValue {
    RegisterValue(bytes: try value(within: readTimeout))
  }

  package func replace(_ old: [UInt8], by new: [UInt8]) throws(ElasticError) -> Bool {
    let change: EtcdMessage.Operation
    if new.isEmpty {
      change = .delete(key)
    } else {
      let granted: EtcdMessage.Lease = try client.call(
        "lease/grant", EtcdMessage.Lease(TTL: String(lease.components.seconds)),
        within: readTimeout)
      change = .put(key, Self.text(new), lease: granted.ID)
      leaseID.withLock { $0 = granted.ID }
    }
    let answer: EtcdMessage.TransactionAnswer = try client.call(
      "kv/txn",
      EtcdMessage.Transaction(
        compare: [
          old.isEmpty ? .isMissing(key) : .equals(key, Self.text(old))
        ], success: [change]), within: new.isEmpty ? heartbeatTimeout : readTimeout)
    return answer.succeeded ?? false
  }

  package func renew(_ value: [UInt8]) throws(ElasticError) -> Bool {
    guard let id = leaseID.withLock({ $0 }) else { return false }
    let answer: EtcdMessage.KeepAliveAnswer = try client.call(
      "lease/keepalive", EtcdMessage.Lease(ID: id), within: heartbeatTimeout)
    guard answer.result.TTL != nil else { return false }  // it ran out
    return try self.value(within: heartbeatTimeout) == value
  }

  private func value(within limit: Duration) throws(ElasticError) -> [UInt8] {
    let answer: EtcdMessage.RangeAnswer = try client.call(
      "kv/range", EtcdMessage.Range(key: key), within: limit)
    return (answer.kvs?.first?.value).flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) } ?? []
  }

  private static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
