public import Collectives
internal import Elastic
internal import TorchCollectives
internal import Worker

/// Runs `body` as a worker of the job that started this process, or as the only worker of a new
/// job.
///
/// ```swift
/// import Lockstep
///
/// withWorker { worker in
///   let model = try DistributedDataParallel(Linear(20, 1), group: worker.group)
///   …
/// }
/// ```
/// Under `lockstep run`, `torchrun --no-python` or ``spawn(processes:_:)``, the worker reads its
/// rank from the environment and waits until all ranks have joined the group. A process that is
/// started directly is rank 0 of 1 and needs no network. From then on each printed line is written
/// at once, so that it appears in the launcher's output while the worker runs.
///
/// If `body` throws, the error is printed and reported to the launcher, and the process exits with
/// code 1; see ``record(_:)``.
///
/// - Parameters:
///   - timeout: The time limit for all ranks to join the group, and for each collective.
///   - device: The device of the model: `cpu`, `cuda` (the GPU of the local rank) or `cuda:1`.
///     `nil` selects the GPU of the local rank, or the CPU if there are no GPUs.
///   - backend: The backend of the group; `nil` selects one by the hosts and devices of the ranks.
///   - body: The work of this worker.
/// - Returns: The value that `body` returns.
public func withWorker<Result>(
  timeout: Duration = WorkerContext.defaultTimeout, device: String? = nil,
  backend: ProcessGroupBackend? = nil, _ body: (WorkerContext) throws -> Result
) -> Result {
  record {
    try body(WorkerContext(timeout: timeout, device: device, backend: backend))
  }
}

/// Runs an asynchronous `body` as a worker of the job that started this process.
///
/// Like the synchronous form.
///
/// - Returns: The value that `body` returns.
public func withWorker<Result>(
  timeout: Duration = WorkerContext.defaultTimeout, device: String? = nil,
  backend: ProcessGroupBackend? = nil, isolation: isolated (any Actor)? = #isolation,
  _ body: (WorkerContext) async throws -> Result
) async -> Result {
  await record {
    try await body(WorkerContext(timeout: timeout, device: device, backend: backend))
  }
}
