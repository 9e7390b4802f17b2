import Elastic
import Foundation
import Glibc
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(2))) struct StatusTests {
  func status() -> JobStatus {
    JobStatus(runID: "job", role: "a\"b", hostname: "node0", maxRestarts: 3, now: 1)
  }

  /// Opens a connection to a local port without sending anything.
  func connection(to port: Int) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    _ = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return descriptor
  }

  /// Whether the peer has closed a connection.
  func isClosed(_ descriptor: Int32) -> Bool {
    var byte: UInt8 = 0
    let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_PEEK))
    return count == 0 || (count < 0 && errno != EAGAIN)
  }

  @Test func knownPathsAreServed() {
    var status = status()
    #expect(StatusResponse(path: "/healthz?x", status: status).code == 200)
    #expect(StatusResponse(path: "/status", status: status).type == "application/json")
    #expect(StatusResponse(path: "/other", status: status).code == 404)
    status.workerExited(localRank: 0, code: 3)
    #expect(StatusResponse(path: "/healthz", status: status).code == 503)
  }

  @Test func metricsArePrometheusText() {
    var status = status()
    status.state = .succeeded
    status.restarts = 1
    let lines = status.prometheus.split(separator: "\n")
    #expect(lines.contains(#"workers_run_success_with_retries{role="a\"b"} 1"#))
    #expect(lines.contains(#"workers_run_failed_no_retries{role="a\"b"} 0"#))
    #expect(lines.contains(#"workers_remaining_restarts{role="a\"b"} 2"#))
    #expect(lines.contains(#"workers_flakiness{role="a\"b"} 25"#))
    #expect(lines.contains(#"workers_succeeded{role="a\"b"} 1"#))
  }

  @Test func aRunningJobServesItsStatus() async throws {
    let job = try Launcher([
      "--nproc-per-node", "2", "--status-port", "0", "--rdzv-id", "job7", "sh", "-c",
      "echo $((RANK + 5)) > $LOCKSTEP_STEP_FILE; echo $$ > $DIR/$RANK; sleep 100",
    ])
    for rank in 0...1 { _ = try await job.pid("\(rank)") }
    let port = try await value {
      job.errors.firstMatch(of: /http:\/\/127.0.0.1:(\d+)\/status/).map { String($0.1) }
    }
    func get(_ path: String) async throws -> String {
      try await ChildProcess.run(
        "/bin/bash",
        [
          "-c",
          "exec 3<>/dev/tcp/127.0.0.1/\(port); "
            + "printf 'GET \(path) HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3",
        ]
      ).output
    }
    let answer = try await get("/status").split(separator: "\r\n\r\n", maxSplits: 1)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(answer[1].utf8)) as? [String: Any])
    #expect(json["runID"] as? String == "job7")
    #expect(json["worldSize"] as? Int == 2)
    #expect(json["restarts"] as? Int == 0)
    #expect(json["lastStep"] as? Int == 6)
    #expect((json["workers"] as? [[String: Any]])?.count == 2)
    let members = try #require(json["members"] as? [[String: Any]])
    #expect(members.compactMap { $0["workers"] as? Int } == [2])
    #expect(try await get("/healthz").hasPrefix("HTTP/1.1 200 OK"))
    #expect(try await get("/metrics").contains("lockstep_worker_up{role=\"default\",rank=\"1\"} 1"))

    // Silent connections give way to others; the oldest go first.
    let idle = (0..<80).map { _ in connection(to: Int(port) ?? 0) }
    for _ in 0..<3 { #expect(try await get("/healthz").hasPrefix("HTTP/1.1 200 OK")) }
    try await value { idle[..<16].allSatisfy(isClosed) ? () : nil }
    #expect(idle[20...].allSatisfy { !isClosed($0) })
    for descriptor in idle { close(descriptor) }

    let second = try await Launcher.run("--status-port", port, "true")
    #expect(second.code == 71)
    #expect(second.errors.contains("--status-port \(port)"))
    job.send(SIGTERM)
    #expect(try await job.result().code == 143)
  }

  @Test func eventsHaveTorchelasticsNamesAndFields() async throws {
    let folder = try TestFolder()
    let job = try Launcher(
      [
        "--nproc-per-node", "2", "--event-log-handler", folder.file("events.jsonl"), "--rdzv-id",
        "job7", "sh", "-c", "[ $RANK = 0 ] && exit 3; sleep 100",
      ], in: folder)
    #expect(try await job.result().code == 3)
    let events = try (folder.text("events.jsonl") ?? "").split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let names = events.compactMap { $0["name"] as? String }
    let kinds = [
      "RENDEZVOUS", "ASSIGN_WORKER_RANKS", "START", "START", "FAILED", "TERMINATED", "FAILED",
    ]
    #expect(names == kinds.map { "torchelastic.worker.status.\($0)" })
    #expect(events.compactMap { $0["source"] as? String }.filter { $0 == "WORKER" }.count == 4)
    #expect(events.last?["source"] as? String == "AGENT")
    for event in events {
      let metadata = try #require(event["metadata"] as? [String: Any])
      #expect(
        metadata.keys.sorted() == [
          "agent_restarts", "duration_ms", "global_rank", "group_rank", "hostname", "metadata",
          "raw_error", "rdzv_backend", "role", "run_id", "state", "total_run_time", "worker_id",
        ])
      #expect(metadata["run_id"] as? String == "job7")
      let isWorkers = event["source"] as? String == "WORKER"
      let isTimed =
        isWorkers
        != ["START", "RENDEZVOUS", "ASSIGN_WORKER_RANKS"].contains(
          metadata["state"] as? String ?? "")
      #expect((metadata["duration_ms"] is Int) == isTimed)
      let details = try #require((metadata["metadata"] as? String).map { Data($0.utf8) })
      let fields = try #require(
        try JSONSerialization.jsonObject(with: details) as? [String: Any])
      if isWorkers {
        #expect(fields["role_rank"] as? [Int] == fields["local_rank"] as? [Int])
        #expect(fields["role_world_size"] as? [Int] == [2])
      } else {
        #expect(fields["role_rank"] == nil)
      }
    }
  }

  /// `raw_error` is the worker's whole error file, and the exit code is Python's.
  @Test(arguments: [
    ("exit 7", 7, "ended with exit code 7"), ("kill -9 $$", -9, "SIGKILL"),
    ("kill -11 $$", -11, "SIGSEGV"), ("exit 255", 255, "exit code 255"),
    (
      #"echo "{\"message\": {\"message\": \"boom\", \"extraInfo\": {\"a\": [1, 2]}}, \"b\": 3}" "#
        + "> $TORCHELASTIC_ERROR_FILE; exit 2",
      2, #""b":3,"message":{"extraInfo":{"a":[1,2]},"message":"boom"}"#
    ), ("echo not JSON > $TORCHELASTIC_ERROR_FILE; exit 4", 4, "not JSON"),
  ])
  func aFailureEventHasTheErrorFile(script: String, code: Int, error: String) async throws {
    let folder = try TestFolder()
    let job = try Launcher(
      ["--event-log-handler", folder.file("events.jsonl"), "sh", "-c", script], in: folder)
    _ = try await job.result()
    let lines = (folder.text("events.jsonl") ?? "").split(separator: "\n")
    let failed = try lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }.first { $0["name"] as? String == "torchelastic.worker.status.FAILED" }
    let metadata = try #require(failed?["metadata"] as? [String: Any])
    let raw = try #require(metadata["raw_error"] as? String)
    #expect(raw.contains(error), "\(raw)")
    #expect(try JSONSerialization.jsonObject(with: Data(raw.utf8)) is [String: Any])
    let details = try #require((metadata["metadata"] as? String).map { Data($0.utf8) })
    let fields = try #require(try JSONSerialization.jsonObject(with: details) as? [String: Any])
    #expect(fields["exit_code"] as? [Int] == [code])
  }

  @Test func rendezvousStepsAreLogged() async throws {
    let job = try NodesTests.Job(["--nnodes=2", "--rdzv-backend=c10d"], "true")
    let path = job.shared.file("events.jsonl")
    let nodes = try (0..<2).map {
      try job.start($0, ["--role=role\($0)"] + ($0 == 1 ? ["--event-log-handler", path] : []))
    }
    for node in nodes { #expect(try await node.result().code == 0) }
    let events = try (job.shared.text("events.jsonl") ?? "").split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let steps = events.filter { ($0["name"] as? String)?.hasPrefix("Rendezvous.") == true }
    #expect(
      steps.compactMap { $0["name"] as? String } == [
        "Rendezvous.join", "Rendezvous.place", "Rendezvous.close",
      ])
    #expect(
      steps.compactMap { $0["node_state"] as? String } == ["INIT", "RUNNING", "SUCCEEDED"])
    #expect(steps[1]["rank"] as? Int == 1)
    #expect((steps[1]["master_endpoint"] as? String)?.hasPrefix("127.0.0.2:") == true)
    #expect(
      steps[1].keys.sorted() == [
        "error_trace", "hostname", "local_id", "master_endpoint", "message", "name", "node_state",
        "pid", "rank", "run_id",
      ])
    let start = try #require(
      events.first { $0["name"] as? String == "torchelastic.worker.status.START" })
    let details = try #require((start["metadata"] as? [String: Any])?["metadata"] as? String)
    #expect(details.contains(#""role_rank":[0]"#))
    #expect(details.contains(#""role_world_size":[1]"#))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionScriptsListOptions(shell: String) async throws {
    let result = try await ChildProcess.run("lockstep", ["--generate-completion-script", shell])
    #expect(result.code == 0)
    #expect(result.output.contains("nproc-per-node"))
    #expect(result.output.contains("doctor"))
  }
}
