import Collectives
import Foundation
import Testing

@Suite struct DiagnosticsTests {
  @Test func aMonitoredBarrierNamesTheMissingRanks() throws {
    let failures = try LocalProcessGroup.run(worldSize: 4) { group in
      try group.monitoredBarrier("all")
      let text = failure {
        if group.rank % 2 == 0 { try group.monitoredBarrier("half", timeout: .milliseconds(50)) }
      }
      try group.barrier()  // the group is still usable
      return text
    }
    #expect(
      failures[0].hasPrefix("ranksMissing") && failures[0].contains("ranks 1, 3 did not arrive"))
    #expect(
      failures[2].hasPrefix("ranksMissing") && failures[2].contains("ranks 1, 3 did not arrive"))
    #expect(failures[1].isEmpty && failures[3].isEmpty)
  }

  @Test(arguments: [
    (0, "rank 2 starts barrier at"), (1, "rank 2 starts allReduce(max) of 4 float32"),
    (2, "rank 2 starts allReduce(sum) of 5 float32"),
    (3, "rank 2 starts allReduce(sum) of 4 int32"),
    (4, "rank 2 starts broadcast with root 1 of 4 float32"),
  ])
  func aMismatchedCollectiveIsReported(difference: Int, words: String) throws {
    let failures = try LocalProcessGroup.run(worldSize: 3) { base in
      let group = CheckedProcessGroup(base)
      let usual = CollectiveMemory<Float>([1, 2, 3, 4])
      try group.allReduce(usual.buffer)
      return failure {
        switch group.rank == 2 ? difference : -1 {
        case 0: try group.barrier()
        case 1: try group.allReduce(usual.buffer, .max)
        case 2: try group.allReduce(CollectiveMemory<Float>([1, 2, 3, 4, 5]).buffer)
        case 3: try group.allReduce(CollectiveMemory<Int32>([1, 2, 3, 4]).buffer)
        case 4: try group.broadcast(usual.buffer, from: 1)
        default: try group.allReduce(usual.buffer)
        }
      }
    }
    for failure in failures {
      #expect(failure.hasPrefix("mismatch") && failure.contains("collective 1 "))
      #expect(failure.contains(words) && failure.contains("DiagnosticsTests.swift:"))
      #expect(failure.contains("rank 0 and 1 more start allReduce(sum) of 4 float32"))
    }
  }

  @Test func aMissingRankIsReportedWithItsLastCollective() throws {
    let failures = try LocalProcessGroup.run(worldSize: 3, timeout: .milliseconds(200)) { base in
      let group = CheckedProcessGroup(base)
      try group.barrier()
      return failure {
        if group.rank != 1 { _ = try group.allReduce([1]) } else { usleep(500_000) }
      }
    }
    for rank in [0, 2] {
      #expect(failures[rank].hasPrefix("ranksMissing"))
      #expect(failures[rank].contains("collective 1, allReduce(sum) of 1 int64"))
      #expect(failures[rank].contains("rank 1 did not start it within"))
      #expect(failures[rank].contains("the last of rank 1 was barrier at CollectivesTests/"))
    }
  }

  @Test func mismatchedAllToAllsAreReported() throws {
    let failures = try LocalProcessGroup.run(worldSize: 2) { base in
      let group = CheckedProcessGroup(base)
      let one = CollectiveMemory<Float>([1])
      let two = CollectiveMemory<Float>([1, 2])
      return failure {
        try group.allToAll(
          [one.buffer, one.buffer],
          into: group.rank == 0 ? [one.buffer, two.buffer] : [one.buffer, one.buffer])
      }
    }
    for failure in failures {
      #expect(failure.contains("rank 1 sends 1 elements to rank 0, which expects 2"), "\(failure)")
    }
  }

  @Test func matchingCollectivesPass() throws {
    let sums = try LocalProcessGroup.run(worldSize: 3) { base in
      let group = CheckedProcessGroup(base)
      let ends = try group.subgroup([0, 2])
      return try group.allReduce([1]) + (ends?.allReduce([group.rank]) ?? [])
    }
    #expect(sums == [[3, 2], [3], [3, 2]])
  }

  @Test func theRecordHasPyTorchsFields() throws {
    let folder = NSTemporaryDirectory() + "record-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let records = LocalProcessGroup.make(worldSize: 2, timeout: .milliseconds(50))
    let recorder = FlightRecorder(
      capacity: 2, file: "\(folder)/record0", jsonFile: "\(folder)/json/0.json")
    let group = RecordedProcessGroup(records[0], recorder)
    for number in 0..<3 {
      let memory = CollectiveMemory<Float>([1, Float(number)])
      let peer = try records[1].startAllReduce(memory.buffer)
      let work = try group.startAllReduce(CollectiveMemory<Float>([1, 2]).buffer)
      try work.wait()
      try peer.wait()
    }
    #expect(failure { try group.barrier() }.hasPrefix("timedOut"))

    #expect(try Data(contentsOf: URL(filePath: "\(folder)/record0")).starts(with: [0x80, 2]))
    let bytes = try Data(contentsOf: URL(filePath: "\(folder)/json/0.json"))
    let record = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    #expect(record["version"] as? String == "2.10")
    let entries = try #require(record["entries"] as? [[String: Any]])
    #expect(entries.map { $0["record_id"] as? Int } == [2, 3])  // the capacity is two
    #expect(entries.map { $0["state"] as? String } == ["completed", "started"])
    #expect(
      entries.map { $0["profiling_name"] as? String } == ["local:all_reduce", "local:barrier"])
    #expect(entries[0]["input_sizes"] as? [[Int]] == [[2]])
    #expect(entries[0]["output_dtypes"] as? [String] == ["Float"])
    #expect(
      Set(entries[0].keys) == [
        "record_id", "pg_id", "process_group", "collective_seq_id", "p2p_seq_id", "op_id", "is_p2p",
        "profiling_name", "input_sizes", "input_dtypes", "output_sizes", "output_dtypes",
        "time_created_ns", "time_discovered_started_ns", "time_discovered_completed_ns",
        "duration_ms", "timeout_ms", "state", "retired", "thread_id", "thread_name", "frames",
      ])
    #expect(entries[0]["process_group"] as? [String] == ["default_pg", "local"])
    let groups = try #require(record["pg_config"] as? [String: [String: String]])
    #expect(
      groups == ["default_pg": ["name": "default_pg", "desc": "local", "ranks": "[0, 1]"]])
    let status = try #require(record["pg_status"] as? [String: [String: Int]])
    #expect(
      status["0"] == [
        "last_enqueued_collective": 4, "last_started_collective": 4, "last_completed_collective": 3,
      ])
  }

  @Test func groupsInARecordHaveDifferentNamesAndTheRanksOfTheJob() throws {
    let records = try LocalProcessGroup.run(worldSize: 4) { base in
      let recorder = FlightRecorder()
      let group = RecordedProcessGroup(base, recorder)
      let odd = try group.subgroup([1, 3])
      let last = try odd?.subgroup([1])
      let again = try group.subgroup([3, 1])
      _ = RecordedProcessGroup(base, recorder)
      try odd?.barrier()
      try last?.barrier()
      try again?.barrier()
      return try recorder.json()
    }
    let record = try #require(
      try JSONSerialization.jsonObject(with: Data(records[3])) as? [String: Any])
    let groups = try #require(record["pg_config"] as? [String: [String: String]])
    #expect(
      groups.mapValues { $0["ranks"] } == [
        "default_pg": "[0, 1, 2, 3]", "default_pg/1": "[1, 3]", "default_pg/1/1": "[3]",
        "default_pg/2": "[3, 1]", "default_pg#2": "[0, 1, 2, 3]",
      ])
    let entries = try #require(record["entries"] as? [[String: Any]])
    #expect(
      entries.map { ($0["process_group"] as? [String])?.first } == [
        "default_pg/1", "default_pg/1/1", "default_pg/2",
      ])
  }
}
