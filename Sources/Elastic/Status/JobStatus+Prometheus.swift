extension JobStatus {
  /// The text of `/metrics`, in Prometheus's format.
  ///
  /// torchelastic's metrics `workers.<role>.<name>` are named `workers_<name>{role="<role>"}`,
  /// because Prometheus does not allow dots. Lockstep's own metrics start with `lockstep_`.
  package var prometheus: String {
    let isOver = [.succeeded, .failed].contains(state)
    let retried = restarts > 0
    func ended(_ end: State, _ withRetries: Bool) -> Int {
      state == end && retried == withRetries ? 1 : 0
    }
    let remaining = maxRestarts - restarts
    var lines: [String] = []
    func add(_ name: String, _ type: String, _ help: String, _ values: [(String, String)]) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)"]
      lines += values.map { "\(name){\($0)} \($1)" }
    }
    let label = "role=\"\(Self.escaped(role))\""
    func one(_ name: String, _ type: String, _ help: String, _ value: some CustomStringConvertible)
    {
      add(name, type, help, [(label, value.description)])
    }
    one("workers_run_total", "counter", "Number of completed jobs.", isOver ? 1 : 0)
    for (name, end) in [("success", State.succeeded), ("failed", .failed)] {
      for (suffix, withRetries) in [("no_retries", false), ("with_retries", true)] {
        one(
          "workers_run_\(name)_\(suffix)", "counter",
          "Number of jobs that \(end == .failed ? "failed" : "succeeded") "
            + "\(withRetries ? "after" : "without") restarts.",
          ended(end, withRetries))
      }
    }
    one(
      "workers_flakiness", "gauge", "Restarts used, in percent of the allowed restarts plus one.",
      100 - 100 * (remaining + 1) / (maxRestarts + 1))
    one("workers_remaining_restarts", "gauge", "Number of restarts left.", remaining)
    for other in State.allCases {
      one(
        "workers_\(other.rawValue.lowercased())", "gauge", "1 if the workers are in this state.",
        state == other ? 1 : 0)
    }
    one("lockstep_restarts_total", "counter", "Number of restarts after a failure.", restarts)
    one(
      "lockstep_generation", "counter", "Number of times this node restarted its workers.",
      generation)
    one("lockstep_nodes", "gauge", "Number of nodes in the job.", nodes)
    one("lockstep_world_size", "gauge", "Number of workers in the job.", worldSize)
    one(
      "lockstep_start_time_seconds", "gauge", "Start time of the launcher, in seconds since 1970.",
      startedAt)
    add(
      "lockstep_worker_up", "gauge", "1 if the worker of this node is running.",
      workers.map { ("\(label),rank=\"\($0.rank)\"", $0.exitCode == nil ? "1" : "0") })
    add(
      "lockstep_worker_last_step", "gauge", "Last step that the worker reported.",
      workers.compactMap { worker in
        worker.lastStep.map { ("\(label),rank=\"\(worker.rank)\"", String($0)) }
      })
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
