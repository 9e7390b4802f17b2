import Elastic
import Foundation
import ProcessHarness
import Testing

@Suite(.timeLimit(.minutes(2))) struct StatusTests {
  func status() -> JobStatus {
    JobStatus(runID: "job", role: "a\"b", hostname: "node0", maxRestarts: 3, now: 1)
  }

  @Test func pathsAreAnsweredAndOthersAreNot() {
    var status = status()
    #expect(StatusAnswer(path: "/healthz?x", status: status).code == 200)
    #expect(StatusAnswer(path: "/status", status: status).type == "application/json")
    #expect(StatusAnswer(path: "/other", status: status).code == 404)
    status.ended(localRank: 0, code: 3)
    #expect(StatusAnswer(path: "/healthz", status: status).code == 503)
  }

  @Test func metricsHavePrometheussForm() {
    var status = status()
    (status.state, status.restarts) = (.succeeded, 1)
    let lines = status.prometheus.split(separator: "\n")
    #expect(lines.contains(#"workers_run_success_with_retries{role="a\"b"} 1"#))
    #expect(lines.contains(#"workers_run_failed_no_retries{role="a\"b"} 0"#))
    #expect(lines.contains(#"workers_remaining_restarts{role="a\"b"} 2"#))
    #expect(lines.contains(#"workers_flakiness{role="a\"b"} 25"#))
    #expect(lines.contains(#"workers_succeeded{role="a\"b"} 1"#))
  }

  @Test func aRunningJobTellsItsState() async throws {
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
          "exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'GET \(path) HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3",
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
    #expect(try await get("/healthz").hasPrefix("HTTP/1.1 200 OK"))
    #expect(try await get("/metrics").contains("lockstep_worker_up{role=\"default\",rank=\"1\"} 1"))

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
    for event in events {
      let metadata = try #require(event["metadata"] as? [String: Any])
      #expect(
        metadata.keys.sorted() == [
          "agent_restarts", "duration_ms", "global_rank", "group_rank", "hostname", "metadata",
          "raw_error", "rdzv_backend", "role", "run_id", "state", "total_run_time", "worker_id",
        ])
      #expect(metadata["run_id"] as? String == "job7")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func shellsCompleteOptions(shell: String) async throws {
    let result = try await ChildProcess.run("lockstep", ["--generate-completion-script", shell])
    #expect(result.code == 0)
    #expect(result.output.contains("nproc-per-node"))
    #expect(result.output.contains("doctor"))
  }
}
