import CSpawn
internal import Collectives
import Glibc
public import Worker

/// Runs `body` in several processes, one per rank, and waits for all of them.
///
/// ```swift
/// try spawn(processes: 2) { environment in
///   let group = try environment.makeProcessGroup()
///   …
/// }
/// print("all ranks are done")
/// ```
/// Each rank executes this program again with the same arguments. It runs the code before the call
/// to `spawn`, then `body`, and exits. The code before the call should therefore be short and do
/// the same in every process (parse options, choose the number of ranks); only the first process
/// runs the code after it. Each rank computes the values that `body` captures; they are not passed
/// between processes.
///
/// The ranks rendezvous through a store in this process, and are killed if this process ends. The
/// processors are divided among them through `OMP_NUM_THREADS`, unless it is set. Their output is
/// forwarded to this process's output line by line; rank 0 reads this process's standard input. As
/// with `lockstep run`, a rank whose `body` throws exits with code 1, and no process is left
/// behind.
///
/// When a rank fails, the others are stopped, the first failure is reported on standard error, and
/// this process exits with that rank's code (128 + signal if a signal ended it). If a signal stops
/// this process, it exits with 128 + signal. `spawn` returns only if all ranks succeed.
///
/// - Parameters:
///   - processes: The world size, at least 1; commonly the number of GPUs.
///   - body: The work of each rank, run on the calling thread with the rank's launch environment.
/// - Throws: ``ElasticError`` with code `usage` if `processes` is less than 1, or if this process
///   already is a rank, started by a launcher such as `lockstep run` or by `spawn`; with code
///   `system` if the ranks cannot be started.
public func spawn(
  processes: Int, _ body: (LaunchEnvironment) throws -> Void
) throws(ElasticError) {
  let index = SpawnCall.nextIndex()
  if let call = SpawnCall.inherited {
    if index < call.index { return }  // completed in the parent before it started this rank
    guard index == call.index else {
      throw ElasticError(
        .usage, "a rank cannot call spawn: start all ranks in one job")
    }
    cspawn_buffer_lines()
    record { try body(LaunchEnvironment()) }
    exit(0)
  }
  let call = SpawnCall(parent: getpid(), index: index)
  let code = try ElasticAgent.run(configuration(processes: processes, call: call))
  guard code == 0 else { exit(code) }
}

private func configuration(
  processes: Int, call: SpawnCall
) throws(ElasticError) -> LaunchConfiguration {
  guard processes > 0 else {
    throw ElasticError(.usage, "spawn(processes: \(processes)): a job needs at least 1 rank")
  }
  guard !LaunchEnvironment.isLaunched else {
    throw ElasticError(
      .usage,
      "this program starts its ranks with spawn, but RANK is set: start it without a launcher")
  }
  let program = Program.current()
  var configuration = LaunchConfiguration(program: program)
  configuration.workerCount = processes
  configuration.role = program.name.split(separator: "/").last.map(String.init) ?? program.name
  configuration.linePrefixTemplate = ""
  configuration.variables = [SpawnCall.variable: call.text]
  if getenv("OMP_NUM_THREADS") == nil {
    let threads = LaunchConfiguration.threadsPerWorker(workerCount: processes)
    configuration.variables["OMP_NUM_THREADS"] = threads.map(String.init)
  }
  return configuration
}
