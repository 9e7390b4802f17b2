import CSpawn
public import Collectives
import Glibc
import WorkerFailures

/// Runs `body` on several ranks, each a process of its own, and waits for all of them.
///
/// ```swift
/// try spawn(processes: 2) { environment in
///   let group = try environment.makeProcessGroup()
///   …
/// }
/// print("all ranks are done")
/// ```
/// A rank is this program, executed again with the same arguments: it does once more what comes before
/// `spawn`, runs `body` there, and exits. So what comes before should be short and the same each time
/// (options, the number of ranks), and what comes after is for the first process alone. What `body`
/// captures is computed anew on every rank, not passed on.
///
/// The ranks meet through a store of this process, die with it, and share the processors: each gets its
/// part of them as `OMP_NUM_THREADS`, unless that is set. Their output becomes this process's, line by
/// line; rank 0 reads its input. As with `lockstep run`, an error that `body` throws ends its rank with
/// code 1, and no process is left behind.
///
/// When a rank fails, the others are stopped, the first failure is reported on standard error, and this
/// process exits with that rank's code (128 + signal if one ended it). It exits with 128 + signal when
/// it is interrupted itself. So `spawn` returns only when all ranks have succeeded.
///
/// - Parameters:
///   - processes: The world size, at least 1; commonly the number of GPUs.
///   - body: What each rank does, on the calling thread; it gets the rank's place in the job.
/// - Throws: ``ElasticError`` with code `usage` if there are no ranks to start, or if a launcher such
///   as `lockstep run` has made this process a rank already; with code `system` if the ranks cannot be
///   started.
public func spawn(
  processes: Int, _ body: (LaunchEnvironment) throws -> Void
) throws(ElasticError) {
  let call = SpawnMark.nextCall()
  if let mark = SpawnMark.inherited {
    if call < mark.call { return }  // it had succeeded before this rank was started
    guard call == mark.call else {
      throw ElasticError(
        .usage, "a rank cannot spawn ranks of its own: use one job for all of them")
    }
    cspawn_buffer_lines()
    record { try body(LaunchEnvironment()) }
    exit(0)
  }
  let mark = SpawnMark(parent: getpid(), call: call)
  let code = try LocalAgent.run(configuration(processes: processes, mark: mark))
  guard code == 0 else { exit(code) }
}

private func configuration(
  processes: Int, mark: SpawnMark
) throws(ElasticError) -> LaunchConfiguration {
  guard processes > 0 else {
    throw ElasticError(.usage, "spawn(processes: \(processes)): a job needs at least 1 rank")
  }
  guard !LaunchEnvironment.isLaunched else {
    throw ElasticError(
      .usage,
      "this program starts its own ranks, but RANK is set, so it is one already: start it without a "
        + "launcher")
  }
  let program = Program.current()
  var configuration = LaunchConfiguration(program: program)
  configuration.workerCount = processes
  configuration.role = program.name.split(separator: "/").last.map(String.init) ?? program.name
  configuration.linePrefixTemplate = ""
  configuration.variables = [SpawnMark.variable: mark.text]
  if getenv("OMP_NUM_THREADS") == nil {
    let threads = LaunchConfiguration.threadsPerWorker(workerCount: processes)
    configuration.variables["OMP_NUM_THREADS"] = threads.map(String.init)
  }
  return configuration
}
