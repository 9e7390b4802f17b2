internal import Dispatch
public import Torch

/// Trains replicas of a model in one process, like PyTorch's `DataParallel`.
///
/// Each device has a replica and processes a part of the batch. In each pass parameters are copied
/// to all replicas, outputs to the first device, and gradients back. On the CPU each replica has a
/// thread for forward, but one thread runs backward for all of them. ``DistributedDataParallel``
/// avoids these costs: see <doc:DataParallelism>.
///
/// ```swift
/// let parallel = try DataParallel(model, devices: [.cpu, .cpu]) { Linear(20, 1) }
/// try mseLoss(try parallel(x), y).backward()       // computes the gradients of `model`
/// ```
public final class DataParallel<Model: Module> {
  /// The model whose parameters are trained.
  public let module: Model
  private let replicas: [Model]
  private let devices: [Device]
  private let scatter: (Model.Input, Int) -> [Model.Input]
  private let gather: ([Model.Output]) -> Model.Output
  private var hooks: [GradientHook] = []

  /// Creates the replicas.
  ///
  /// - Parameters:
  ///   - module: The model, on the first device.
  ///   - devices: The device of each replica; a device may have several replicas.
  ///   - scatter: Splits an input into at most the given number of parts, each on its device.
  ///   - gather: Concatenates outputs on the first device.
  ///   - make: Creates a model of the same structure; its weights do not matter.
  /// - Throws: ``TorchError`` with code `invalidArgument` if `devices` is empty, and `mismatch` if
  ///   `make` creates a model with different parameters.
  public init(
    _ module: Model, devices: [Device], scatter: @escaping (Model.Input, Int) -> [Model.Input],
    gather: @escaping ([Model.Output]) -> Model.Output, replica make: () -> Model
  ) throws(TorchError) {
    guard !devices.isEmpty else {
      throw TorchError(.invalidArgument, "DataParallel has no devices: pass at least one")
    }
    self.module = module
    self.devices = devices
    self.scatter = scatter
    self.gather = gather
    replicas = devices.map { device in
      let replica = make()
      replica.move(to: device)
      return replica
    }
    let names = module.namedParameters.map(\.name)
    for replica in replicas {
      guard replica.namedParameters.map(\.name) == names else {
        throw TorchError(
          .mismatch,
          "a replica has different parameters than the model: return the same model from `replica`")
      }
      for (own, copy) in zip(module.parameters, replica.parameters) where own.requiresGrad {
        hooks.append(GradientHook(on: copy) { DataParallel.add(copy, to: own) })
      }
    }
  }

  /// Runs forward on all devices, each with its part of the input.
  ///
  /// - Throws: The error of ``Module/forward(_:)`` of the first replica that failed, after all
  ///   replicas returned.
  public func callAsFunction(_ input: Model.Input) throws -> Model.Output {
    let parts = scatter(input, devices.count)
    let isRecording = isGradEnabled
    noGrad {
      for replica in replicas.prefix(parts.count) {
        for (own, copy) in zip(state(of: module), state(of: replica)) { copy.copy_(own) }
      }
    }
    typealias Output = Result<Model.Output, any Error>
    return try withUnsafeTemporaryAllocation(of: Output?.self, capacity: parts.count) { outputs in
      outputs.initialize(repeating: nil)
      defer { outputs.deinitialize() }
      let jobs = parts.indices.map { index in
        { [replicas] in
          outputs[index] = Output {
            isRecording
              ? try replicas[index](parts[index])
              : try noGrad { try replicas[index](parts[index]) }
          }
        }
      }
      inParallel(jobs)
      let results = try outputs.compactMap { try $0?.get() }
      // As in PyTorch, the model's buffers become those of the first replica.
      noGrad {
        for (own, copy) in zip(module.namedBuffers, replicas[0].namedBuffers) {
          own.tensor.copy_(copy.tensor)
        }
      }
      return gather(results)
    }
  }

  private func state(of model: Model) -> [Tensor] {
    (model.namedParameters + model.namedBuffers).map { $0.tensor.detach() }
  }

  /// Adds a replica's gradient to the model's.
  private static func add(_ copy: Tensor, to own: Tensor) {
    guard let gradient = copy.grad else { return }
    noGrad {
      let moved = gradient.to(own.device)
      if let sum = own.grad { sum.add_(moved) } else { own.grad = moved }
    }
    copy.grad = nil
  }
}

extension DataParallel where Model.Input == Tensor, Model.Output == Tensor {
  /// Creates replicas of a model whose inputs and outputs are tensors with the batch as first
  /// dimension.
  ///
  /// - Throws: ``TorchError``, like ``init(_:devices:scatter:gather:replica:)``.
  public convenience init(_ module: Model, devices: [Device], replica make: () -> Model)
    throws(TorchError)
  {
    try self.init(
      module, devices: devices,
      scatter: { input, count in
        let rows = input.shape[0]
        let size = max(1, (rows + count - 1) / count)
        return zip(stride(from: 0, to: rows, by: size), devices).map { start, device in
          input.narrow(dim: 0, start: start, length: min(start + size, rows) - start).to(device)
        }
      },
      gather: { outputs in
        Tensor.cat(outputs.map { $0.to(devices.first ?? .cpu) })
      }, replica: make)
  }
}

/// Runs closures in parallel; they must not share mutable state.
private func inParallel(_ jobs: [() -> Void]) {
  nonisolated(unsafe) let jobs = jobs
  DispatchQueue.concurrentPerform(iterations: jobs.count) { jobs[$0]() }
}
