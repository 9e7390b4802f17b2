public import Collectives
internal import Elastic
internal import TorchCollectives
internal import Worker

/// Joins the job that started this process, or makes a job of one, and runs `body` as its worker.
///
/// ```swift
/// import Lockstep
///
/// withWorker { worker in
///   let model = try DistributedDataParallel(Linear(20, 1), group: worker.group)
///   …
/// }
/// ```
/// Under `lockstep run`, `torchrun --no-python` or ``spawn(processes:_:)`` the worker's rank comes from
/// the environment, and `withWorker` waits until all ranks have joined the group. Started directly, the
/// process is rank 0 of 1, and needs no network.
///
/// An error that `body` throws is printed, reported to the launcher, and ends the process with exit
/// code 1; see ``record(_:)``.
///
/// - Parameters:
///   - timeout: The limit for all ranks to join, and for each collective.
///   - device: The device of the model: `cpu`, `cuda` (the GPU of the local rank) or `cuda:1`; `nil` for
///     the GPU of the local rank, or the CPU where there are no GPUs.
///   - backend: The backend of the group; `nil` to choose it from where the ranks run.
///   - body: What this worker does.
/// - Returns: The value that `body` returns.
public func withWorker<Result>(
  timeout: Duration = WorkerContext.defaultTimeout, device: String? = nil,
  backend: ProcessGroupBackend? = nil, _ body: (WorkerContext) throws -> Result
) -> Result {
  record {
    try body(WorkerContext(timeout: timeout, device: device, backend: backend))
  }
}

/// Joins the job that started this process, or makes a job of one, and runs an asynchronous `body`.
///
/// The same as the synchronous form.
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
