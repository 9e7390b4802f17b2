import FoundationEssentials
import Synchronization

/// A registry in etcd 3.4 or newer: one key with a lease, which etcd removes if the host is silent.
package final class EtcdRegistry: HostRegistry {
  package let lease: Duration
  package let description: String

  private let client: EtcdClient
  private let key: String
  private let readTimeout: Duration
  private let heartbeatTimeout: Duration
  private let leaseID = Mutex<String?>(nil)

  /// Creates the registry without contacting etcd.
  ///
  /// - Parameters:
  ///   - endpoint: The address of etcd's client port.
  ///   - job: The job id, a part of the key.
  ///   - lease: The lease, in whole seconds.
  ///   - readTimeout: The time limit of a call.
  ///   - heartbeatTimeout: The time limit of a call that renews the lease.
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

  package func read() throws(ElasticError) -> RegistryValue {
    RegistryValue(bytes: try value(within: readTimeout))
  }

  package func compareSet(expected: [UInt8], desired: [UInt8]) throws(ElasticError) -> Bool {
    let change: EtcdMessage.Operation
    if desired.isEmpty {
      change = .delete(key)
    } else {
      let granted: EtcdMessage.Lease = try client.call(
        "lease/grant", EtcdMessage.Lease(TTL: String(lease.components.seconds)),
        within: readTimeout)
      change = .put(key, Self.base64(desired), lease: granted.ID)
      leaseID.withLock { $0 = granted.ID }
    }
    let response: EtcdMessage.TransactionResponse = try client.call(
      "kv/txn",
      EtcdMessage.Transaction(
        compare: [
          expected.isEmpty ? .isMissing(key) : .equals(key, Self.base64(expected))
        ], success: [change]), within: desired.isEmpty ? heartbeatTimeout : readTimeout)
    return response.succeeded ?? false
  }

  package func renew(_ value: [UInt8]) throws(ElasticError) -> Bool {
    guard let id = leaseID.withLock({ $0 }) else { return false }
    let response: EtcdMessage.KeepAliveResponse = try client.call(
      "lease/keepalive", EtcdMessage.Lease(ID: id), within: heartbeatTimeout)
    guard response.result.TTL != nil else { return false }  // it has expired
    return try self.value(within: heartbeatTimeout) == value
  }

  private func value(within limit: Duration) throws(ElasticError) -> [UInt8] {
    let response: EtcdMessage.RangeResponse = try client.call(
      "kv/range", EtcdMessage.Range(key: key), within: limit)
    return (response.kvs?.first?.value).flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
      ?? []
  }

  private static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
