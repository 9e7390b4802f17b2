import CollectiveConformance
import Collectives
import Foundation
import Synchronization
import Testing

@Suite struct SharedMemoryProcessGroupTests {
  @Test(arguments: [1, 2, 3, 4, 7])
  func conforms(worldSize: Int) throws {
    let make = sharedMemory(HashStore(timeout: .seconds(30)))
    let problems = try conformanceProblems(worldSize) { try make("world", $0, worldSize) }
    #expect(problems == [])
  }

  @Test func nineRanksReduceInLargeChunks() throws {
    let sums = try onSharedRanks(9) { group in
      try group.allReduce([Float](repeating: Float(group.rank), count: 1_000_001))
    }.map { try $0.get() }
    #expect(sums.allSatisfy { $0.allSatisfy { $0 == 36 } })
  }

  @Test func messagesCanBeReceivedInAnotherOrder() throws {
    let results = onSharedRanks(2) { group -> [Int] in
      let memories = (0..<4).map { CollectiveMemory([Int](repeating: $0, count: 50_000 * $0 + 1)) }
      if group.rank == 0 {
        try group.exchange((0..<4).map { .send(memories[$0].buffer, to: 1, tag: $0) })
        return []
      }
      let received = memories.map { CollectiveMemory([Int](repeating: -1, count: $0.count)) }
      for tag in (0..<4).reversed() { try group.receive(received[tag].buffer, from: 0, tag: tag) }
      return received.compactMap(\.values.last)
    }
    #expect(try results[1].get() == [0, 1, 2, 3])
  }

  @Test func collectivesRunInTheOrderOfTheirStarts() throws {
    let results = onSharedRanks(3) { group -> [Int] in
      let memories = (0..<40).map {
        CollectiveMemory([Int](repeating: $0 + group.rank, count: $0 * 1000 + 1))
      }
      let works = try memories.map { try group.startAllReduce($0.buffer, .sum) }
      for work in works.reversed() { try work.wait() }
      let allDone = works.allSatisfy { $0.isCompleted }
      #expect(allDone)
      return memories.map { $0.values.last ?? -1 }
    }
    for result in results { #expect(try result.get() == (0..<40).map { 3 * $0 + 3 }) }
  }

  @Test(arguments: [2, 3, 5])
  func bitsDoNotDependOnBucketsOrMemory(worldSize: Int) throws {
    let count = 200_001
    let results = onSharedRanks(worldSize) { group -> [Int] in
      var generator = SystemRandomNumberGenerator()
      let values = (0..<count).map { _ in Float.random(in: -1...1, using: &generator) * 1e3 }
      func reduced(_ bucketBytes: Int, isShared: Bool) throws -> Data {
        let memory = CollectiveMemory(values)
        let buffer = memory.buffer
        let shared = try group.allocate(count: count, elementType: .float32)
        shared.address.copyMemory(from: buffer.address, byteCount: buffer.byteCount)
        let whole = isShared ? shared : buffer
        for start in stride(from: 0, to: count, by: bucketBytes / 4) {
          try group.allReduce(
            CollectiveBuffer(
              address: whole.address + 4 * start, count: min(bucketBytes / 4, count - start),
              elementType: .float32, owner: whole.owner))
        }
        return Data(bytes: whole.address, count: 4 * count)
      }
      let expected = try reduced(25 << 20, isShared: false)
      var different: [Int] = []
      for bytes in [64 << 10, 100_000, 1 << 20, 25 << 20] {
        for isShared in [false, true] {
          if try reduced(bytes, isShared: isShared) != expected { different.append(bytes) }
        }
      }
      return different
    }
    for result in results { #expect(try result.get() == []) }
  }

  @Test func aRankThatLeavesIsReported() throws {
    let results = onSharedRanks(3) { group in
      if group.rank != 1 { _ = try group.allReduce([1]) }
    }
    for rank in [0, 2] {
      #expect {
        try results[rank].get()
      } throws: { error in
        (error as? CollectiveError)?.code == .peerLost && "\(error)".contains("rank 1 left")
      }
    }
  }

  @Test func aMissingRankIsReportedAfterTheTimeout() throws {
    let finished = Mutex(0)
    let results = onSharedRanks(3, timeout: .milliseconds(300)) { group in
      defer { finished.withLock { $0 += 1 } }
      if group.rank == 1 {
        while finished.withLock({ $0 }) < 2 { usleep(1000) }
      } else {
        _ = try group.allReduce([1])
      }
    }
    for rank in [0, 2] {
      #expect {
        try results[rank].get()
      } throws: { error in
        (error as? CollectiveError)?.code == .timedOut && "\(error)".contains("rank 1")
      }
    }
  }

  @Test func abortingFailsRunningCollectives() throws {
    let results = onSharedRanks(2) { group in
      if group.rank == 0 {
        let works = try (0..<3).map { _ in
          try group.startAllReduce(CollectiveMemory([Float](repeating: 1, count: 100_000)).buffer)
        }
        group.abort("enough")
        for work in works {
          #expect(throws: CollectiveError.self) { try work.wait() }
        }
        try group.store.set("aborted", [1])
        _ = try group.allReduce([1])
      } else {
        try group.store.wait(["aborted"], timeout: .seconds(60))
        _ = try group.allReduce([Float](repeating: 1, count: 100_000))
      }
    }
    #expect { try results[0].get() } throws: { "\($0)".contains("aborted: enough") }
    #expect { try results[1].get() } throws: { "\($0)".contains("rank 0 aborted") }
  }

  @Test func mismatchedCollectivesAreReported() throws {
    let results = onSharedRanks(2) { group in
      if group.rank == 0 { try group.barrier() } else { _ = try group.allReduce([1, 2]) }
    }
    let messages = results.map { result in
      (try? result.get()) == nil ? "\(result)" : "no error"
    }
    #expect(
      messages.contains { $0.contains("barrier") && $0.contains("allReduce (sum) of 2 int64") })
  }

  @Test func missingRanksAreReported() {
    #expect {
      try SharedMemoryProcessGroup(
        store: HashStore(), rank: 0, worldSize: 3, timeout: .milliseconds(100))
    } throws: { error in
      (error as? CollectiveError)?.code == .ranksMissing
        && "\(error)".contains("ranks 1, 2 of 3 did not join")
    }
  }

  @Test func groupsLeaveNoThreadsDescriptorsOrMappings() throws {
    func state() throws -> [Int] {
      let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
      return [
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count,
        maps.components(separatedBy: "memfd:lockstep").count,
        try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
          .filter { $0.hasPrefix("Threads") }.compactMap { Int($0.split(separator: "\t")[1]) }.first
          ?? 0,
      ]
    }
    func once() {
      let results = onSharedRanks(3) { group in
        let buffer = try group.allocate(count: 100_000, elementType: .float32)
        try group.allReduce(buffer)
        let half = try group.subgroup([2, 0])
        #expect((half == nil) == (group.rank == 1))
        #expect(try half?.allReduce([group.rank]) ?? [2] == [2])
        if group.rank == 0 { try group.send(buffer, to: 1) }
        if group.rank == 1 { try group.receive(buffer, from: 0) }
        try group.barrier()
      }
      for result in results { #expect(throws: Never.self) { try result.get() } }
    }
    once()
    let before = try state()
    for _ in 0..<10 { once() }
    var after = try state()
    // The kernel may list a joined thread for a short time.
    for _ in 0..<100 where after[2] > before[2] {
      usleep(10_000)
      after = try state()
    }
    #expect(after[0] == before[0])
    #expect(after[1] == before[1])
    #expect(after[2] <= before[2])
  }
}
