import Elastic
import Foundation
import ProcessHarness
import Synchronization
import Testing

/// What holds for every registry; the suites below check it for each kind.
enum RegistryConformance {
  /// If many launchers register at once, one succeeds, and the registry contains its value.
  static func onlyOneOfManyRegisters(_ registries: [any HostRegistry]) throws {
    let winners = Mutex<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: registries.count) { number in
      if (try? registries[number].compareSet(expected: [], desired: [UInt8(number + 1)])) == true {
        winners.withLock { $0.append(number) }
      }
    }
    let all = winners.withLock { $0 }
    #expect(all.count == 1)
    #expect(try registries[0].read().bytes == all.map { UInt8($0 + 1) })
  }

  /// Only a caller that knows the value can change or renew it.
  static func onlyAKnownValueCanBeChanged(_ one: any HostRegistry, _ other: any HostRegistry) throws
  {
    #expect(try one.read().bytes == [])
    #expect(try one.compareSet(expected: [], desired: [1]))
    #expect(try one.renew([1]))
    #expect(try other.compareSet(expected: [], desired: [2]) == false)
    #expect(try other.compareSet(expected: [7], desired: [2]) == false)
    #expect(try other.read().bytes == [1])
    #expect(try other.compareSet(expected: [1], desired: [2]))
    #expect(try one.renew([1]) == false)
    #expect(try other.renew([2]))
    #expect(try one.compareSet(expected: [1], desired: []) == false)
    #expect(try other.compareSet(expected: [2], desired: []))
    #expect(try one.read().bytes == [])
    #expect(try one.compareSet(expected: [], desired: [3]))
  }
}

@Suite struct FileRegistryTests {
  let folder = try? TestFolder()

  func registry(_ name: String = "file", job: String = "job") throws -> FileRegistry {
    try FileRegistry(
      path: #require(folder).file(name), job: job, lease: .seconds(5), timeout: .seconds(60))
  }

  @Test func onlyOneOfManyRegisters() throws {
    try RegistryConformance.onlyOneOfManyRegisters(try (0..<8).map { _ in try registry() })
  }

  @Test func onlyAKnownValueCanBeChanged() throws {
    try RegistryConformance.onlyAKnownValueCanBeChanged(try registry(), try registry())
  }

  @Test func jobsInOneFileAreIndependent() throws {
    let one = try registry(job: "a")
    let other = try registry(job: "a/b")
    #expect(try one.compareSet(expected: [], desired: [1]))
    #expect(try other.read().bytes == [])
    #expect(try other.compareSet(expected: [], desired: [2]))
    #expect(try one.renew([1]))
    let sign = try one.read().lastRenewal
    Thread.sleep(forTimeInterval: 0.02)
    #expect(try other.renew([2]))
    #expect(try one.read().lastRenewal == sign, "the other job's renewal does not count")
  }

  @Test func theRenewalFileIsDeletedWithTheValue() throws {
    let registry = try registry()
    #expect(try registry.compareSet(expected: [], desired: [1]))
    #expect(try registry.renew([1]))
    #expect(folder?.data("file.job.alive") != nil)
    #expect(try registry.compareSet(expected: [1], desired: []))
    #expect(folder?.data("file.job.alive") == nil)
  }

  @Test func aRenewalIsVisibleAndAddsNoBytes() throws {
    let one = try registry()
    let other = try registry()
    #expect(try one.compareSet(expected: [], desired: [1]))
    let size = try #require(folder?.data("file")).count
    let first = try other.read()
    Thread.sleep(forTimeInterval: 0.02)
    #expect(try one.renew([1]))
    let second = try other.read()
    #expect(first.bytes == second.bytes)
    #expect(first.lastRenewal != second.lastRenewal)
    #expect(folder?.data("file")?.count == size)
  }

  @Test func aMissingFolderIsNamed() throws {
    #expect {
      try registry("none/file")
    } throws: { error in
      "\(error)".contains("none/file") && "\(error)".contains("No such file or directory")
    }
  }

  @Test func aFileWithOtherContentIsRejected() throws {
    try #require(folder).create("file", "this is not a store's file, but a text of some length")
    #expect {
      _ = try registry()
    } throws: { error in
      "\(error)".contains("is not a FileStore's file")
    }
  }
}

@Suite(.enabled(if: EtcdServer.program != nil, EtcdServer.absence))
struct EtcdRegistryTests {
  static func registry(
    _ port: Int, job: String = "job", lease: Duration = .seconds(5)
  ) -> EtcdRegistry {
    EtcdRegistry(
      endpoint: Endpoint(host: "127.0.0.1", port: port), job: job, lease: lease,
      readTimeout: .seconds(10), heartbeatTimeout: .seconds(5))
  }

  @Test func itConformsToTheRegistryProtocol() async throws {
    let etcd = try await EtcdServer()
    let port = etcd.port
    try await onThread {
      try RegistryConformance.onlyOneOfManyRegisters(
        (0..<8).map { _ in Self.registry(port, job: "many") })
      try RegistryConformance.onlyAKnownValueCanBeChanged(Self.registry(port), Self.registry(port))
      #expect(try Self.registry(port, job: "other").read().bytes == [])
    }
  }

  @Test func theValueOfASilentHostIsRemoved() async throws {
    let etcd = try await EtcdServer()
    let port = etcd.port
    let (silent, alive) = try await onThread { () throws -> (EtcdRegistry, EtcdRegistry) in
      let silent = Self.registry(port, job: "silent", lease: .seconds(2))
      let alive = Self.registry(port, job: "alive", lease: .seconds(2))
      #expect(try silent.compareSet(expected: [], desired: [1]))
      #expect(try alive.compareSet(expected: [], desired: [1]))
      return (silent, alive)
    }
    try await value {
      #expect(try alive.renew([1]))
      return try silent.read().bytes.isEmpty ? () : nil
    }
    #expect(try silent.renew([1]) == false)
    #expect(try silent.compareSet(expected: [], desired: [1]))
  }

  @Test func aServerThatIsNotEtcdIsReported() async throws {
    let etcd = try await EtcdServer()
    let port = etcd.port
    let peerPort = etcd.peerPort
    try await onThread {
      #expect {
        try Self.registry(peerPort).read()
      } throws: { error in
        (error as? ElasticError)?.code == .rendezvousState
          && "\(error)".contains("does not answer as etcd 3.4 or newer (404 Not Found)")
      }
      #expect {
        try Self.registry(port, lease: .seconds(1 << 40)).compareSet(expected: [], desired: [1])
      } throws: { error in
        (error as? ElasticError)?.code == .rendezvousState
          && "\(error)".contains("refuses the call: etcdserver: too large lease TTL")
      }
    }
  }
}

@Suite struct LeaseWatchTests {
  @Test func onlyAValueWithoutARenewalForALeaseExpires() {
    let start = ContinuousClock.now
    var watch = LeaseWatch(lease: .seconds(5))
    let first = RegistryValue(bytes: [1], lastRenewal: 1)
    let second = RegistryValue(bytes: [1], lastRenewal: 2)
    #expect(watch.hasExpired(first, now: start) == false)
    #expect(watch.hasExpired(first, now: start + .seconds(5)) == false)
    #expect(watch.hasExpired(second, now: start + .seconds(6)) == false)
    #expect(watch.hasExpired(second, now: start + .seconds(11)) == false)
    #expect(watch.hasExpired(second, now: start + .seconds(11.1)) == true)
  }

  @Test func aValueThatTheRegistryRemovesNeverExpires() {
    var watch = LeaseWatch(lease: .seconds(5))
    let value = RegistryValue(bytes: [1])
    let start = ContinuousClock.now
    #expect(watch.hasExpired(value, now: start) == false)
    #expect(watch.hasExpired(value, now: start + .seconds(60)) == false)
  }
}

@Suite struct HostRecordTests {
  @Test func aRecordIsDecodedAsEncoded() throws {
    let record = HostRecord(
      identity: "a", hostName: "node0", address: NodeAddress(host: "fd00::1", port: 7))
    #expect(HostRecord(record.bytes) == record)
    #expect(HostRecord(Array("{}".utf8)) == nil)
    #expect(HostRecord([]) == nil)
  }
}
