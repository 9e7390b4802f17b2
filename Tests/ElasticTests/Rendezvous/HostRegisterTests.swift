import Elastic
import Foundation
import ProcessHarness
import Synchronization
import Testing

/// What is true of every register; the suites below give it one of each kind.
enum RegisterFacts {
  /// Of many that want the free place one gets it, and the value is its own.
  static func oneOfManyTakesAFreePlace(_ registers: [any HostRegister]) throws {
    let winners = Mutex<[Int]>([])
    DispatchQueue.concurrentPerform(iterations: registers.count) { number in
      if (try? registers[number].replace([], by: [UInt8(number + 1)])) == true {
        winners.withLock { $0.append(number) }
      }
    }
    let all = winners.withLock { $0 }
    #expect(all.count == 1)
    #expect(try registers[0].look().bytes == all.map { UInt8($0 + 1) })
  }

  /// Only who knows the value changes it, and only who wrote it renews it.
  static func aValueIsChangedByWhoKnowsIt(_ one: any HostRegister, _ other: any HostRegister) throws
  {
    #expect(try one.look().bytes == [])
    #expect(try one.replace([], by: [1]))
    #expect(try one.renew([1]))
    #expect(try other.replace([], by: [2]) == false)
    #expect(try other.replace([7], by: [2]) == false)
    #expect(try other.look().bytes == [1])
    #expect(try other.replace([1], by: [2]))
    #expect(try one.renew([1]) == false)
    #expect(try other.renew([2]))
    #expect(try one.replace([1], by: []) == false)
    #expect(try other.replace([2], by: []))
    #expect(try one.look().bytes == [])
    #expect(try one.replace([], by: [3]))
  }
}

@Suite struct FileRegisterTests {
  let folder = try? TestFolder()

  func register(_ name: String = "file", job: String = "job") throws -> FileRegister {
    try FileRegister(
      path: #require(folder).file(name), job: job, lease: .seconds(5), timeout: .seconds(60))
  }

  @Test func oneOfManyTakesAFreePlace() throws {
    try RegisterFacts.oneOfManyTakesAFreePlace(try (0..<8).map { _ in try register() })
  }

  @Test func aValueIsChangedByWhoKnowsIt() throws {
    try RegisterFacts.aValueIsChangedByWhoKnowsIt(try register(), try register())
  }

  @Test func jobsInOneFileDoNotDisturbEachOther() throws {
    let (one, other) = (try register(job: "a"), try register(job: "a/b"))
    #expect(try one.replace([], by: [1]))
    #expect(try other.look().bytes == [])
    #expect(try other.replace([], by: [2]))
    #expect(try one.renew([1]))
    let sign = try one.look().lastSign
    Thread.sleep(forTimeInterval: 0.02)
    #expect(try other.renew([2]))
    #expect(try one.look().lastSign == sign, "the other job's sign of life is not this one's")
  }

  @Test func aHostThatLeavesTakesItsSignAlong() throws {
    let register = try register()
    #expect(try register.replace([], by: [1]))
    #expect(try register.renew([1]))
    #expect(folder?.data("file.job.alive") != nil)
    #expect(try register.replace([1], by: []))
    #expect(folder?.data("file.job.alive") == nil)
  }

  @Test func aRenewalIsSeenAndWritesNothing() throws {
    let (one, other) = (try register(), try register())
    #expect(try one.replace([], by: [1]))
    let size = try #require(folder?.data("file")).count
    let first = try other.look()
    Thread.sleep(forTimeInterval: 0.02)
    #expect(try one.renew([1]))
    let second = try other.look()
    #expect(first.bytes == second.bytes)
    #expect(first.lastSign != second.lastSign)
    #expect(folder?.data("file")?.count == size)
  }

  @Test func aFolderThatIsMissingIsNamed() throws {
    #expect {
      try register("none/file")
    } throws: { error in
      "\(error)".contains("none/file") && "\(error)".contains("No such file or directory")
    }
  }

  @Test func anotherKindOfFileIsRefused() throws {
    try #require(folder).create("file", "this is no store's file, but a text of some length")
    #expect {
      _ = try register()
    } throws: { error in
      "\(error)".contains("is not a FileStore's file")
    }
  }
}

@Suite(.enabled(if: EtcdServer.program != nil, EtcdServer.absence))
struct EtcdRegisterTests {
  static func register(
    _ port: Int, job: String = "job", lease: Duration = .seconds(5)
  ) -> EtcdRegister {
    EtcdRegister(
      endpoint: Endpoint(host: "127.0.0.1", port: port), job: job, lease: lease,
      readTimeout: .seconds(10), heartbeatTimeout: .seconds(5))
  }

  @Test func itHoldsWhatARegisterHasTo() async throws {
    let etcd = try await EtcdServer()
    let port = etcd.port
    try await onThread {
      try RegisterFacts.oneOfManyTakesAFreePlace(
        (0..<8).map { _ in Self.register(port, job: "many") })
      try RegisterFacts.aValueIsChangedByWhoKnowsIt(Self.register(port), Self.register(port))
      #expect(try Self.register(port, job: "other").look().bytes == [])
    }
  }

  @Test func theValueOfASilentHostVanishes() async throws {
    let etcd = try await EtcdServer()
    let port = etcd.port
    let (silent, alive) = try await onThread { () throws -> (EtcdRegister, EtcdRegister) in
      let silent = Self.register(port, job: "silent", lease: .seconds(2))
      let alive = Self.register(port, job: "alive", lease: .seconds(2))
      #expect(try silent.replace([], by: [1]))
      #expect(try alive.replace([], by: [1]))
      return (silent, alive)
    }
    try await value {
      #expect(try alive.renew([1]))
      return try silent.look().bytes.isEmpty ? () : nil
    }
    #expect(try silent.renew([1]) == false)
    #expect(try silent.replace([], by: [1]))
  }

  @Test func whatIsNoEtcdIsTold() async throws {
    let etcd = try await EtcdServer()
    let (port, peerPort) = (etcd.port, etcd.peerPort)
    try await onThread {
      #expect {
        try Self.register(peerPort).look()
      } throws: { error in
        (error as? ElasticError)?.code == .rendezvousState
          && "\(error)".contains("does not answer as etcd 3.4 or newer does (404 Not Found)")
      }
      #expect {
        try Self.register(port, lease: .seconds(1 << 40)).replace([], by: [1])
      } throws: { error in
        (error as? ElasticError)?.code == .rendezvousState
          && "\(error)".contains("refuses: etcdserver: too large lease TTL")
      }
    }
  }
}

@Suite struct SilenceWatchTests {
  @Test func onlyWhatDoesNotChangeForALeaseIsSilent() {
    let start = ContinuousClock.now
    var watch = SilenceWatch(lease: .seconds(5))
    let (first, second) = (
      RegisterValue(bytes: [1], lastSign: 1), RegisterValue(bytes: [1], lastSign: 2)
    )
    #expect(watch.isSilent(first, now: start) == false)
    #expect(watch.isSilent(first, now: start + .seconds(5)) == false)
    #expect(watch.isSilent(second, now: start + .seconds(6)) == false)
    #expect(watch.isSilent(second, now: start + .seconds(11)) == false)
    #expect(watch.isSilent(second, now: start + .seconds(11.1)) == true)
  }

  @Test func aValueThatVanishesByItselfIsNeverSilent() {
    var watch = SilenceWatch(lease: .seconds(5))
    let (value, start) = (RegisterValue(bytes: [1]), ContinuousClock.now)
    #expect(watch.isSilent(value, now: start) == false)
    #expect(watch.isSilent(value, now: start + .seconds(60)) == false)
  }
}

@Suite struct HostRecordTests {
  @Test func aRecordIsReadAsItWasWritten() throws {
    let record = HostRecord(
      identity: "a", hostName: "node0", place: NodePlace(address: "fd00::1", port: 7))
    #expect(HostRecord(record.bytes) == record)
    #expect(HostRecord(Array("{}".utf8)) == nil)
    #expect(HostRecord([]) == nil)
  }
}
