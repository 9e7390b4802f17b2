internal import Dispatch
public import Torch

/// The older scheme: one process, a replica of the model on each device, the batch split over them, and
/// all gradients gathered on the first, as PyTorch's `DataParallel`.
///
/// In each pass parameters are copied to all replicas, outputs to the first device, and gradients back.
/// On the CPU replicas compute forward on threads of their own, but one thread runs backward over all of
/// them. ``DistributedDataParallel`` does none of that: see <doc:DataParallelism>.
///
/// ```swift
/// let parallel = try DataParallel(model, devices: [.cpu, .cpu]) { Linear(20, 1) }
/// try meanSquaredError(parallel(x), y).backward()       // model's gradients
/// ```
public final class DataParallel<Model: Module> {
  /// The model whose parameters are trained.
  public let module: Model
  private let replicas: [Model]
  private let devices: [Device]
  private let scatter: (Model.Input, Int) -> [Model.Input]
  private let gather: ([Model.Output]) -> Model.Output
  private var hooks: [GradientHook] = []

  /// Makes the replicas.
  ///
  /// - Parameters:
  ///   - module: The model, on the first device.
  ///   - devices: One for each replica; the same may come repeatedly.
  ///   - scatter: Splits an input into at most so many, for each device.
  ///   - gather: Joins outputs on the first device.
  ///   - make: Makes a model of the same kind; its weights do not matter.
  /// - Throws: ``TorchError`` with code `invalidArgument` without devices, and `mismatch` when `make`
  ///   makes another model.
  public init(
    _ module: Model, devices: [Device], scatter: @escaping (Model.Input, Int) -> [Model.Input],
    gather: @escaping ([Model.Output]) -> Model.Output, replica make: () -> Model
  ) throws(TorchError) {
    guard !devices.isEmpty else {
      throw TorchError(.invalidArgument, "DataParallel needs a device at least")
    }
    (self.module, self.devices, self.scatter, self.gather) = (module, devices, scatter, gather)
    replicas = devices.map { device in
      let replica = make()
      replica.move(to: device)
      return replica
    }
    let names = module.namedParameters.map(\.name)
    for replica in replicas {
      guard replica.namedParameters.map(\.name) == names else {
        throw TorchError(.mismatch, "a replica has other parameters than the model: make the same")
      }
      for (own, copy) in zip(module.parameters, replica.parameters) where own.requiresGrad {
        hooks.append(GradientHook(on: copy) { DataParallel.add(copy, to: own) })
      }
    }
  }

  /// Computes the model's function on all devices, each with its part of the input.
  public func callAsFunction(_ input: Model.Input) -> Model.Output {
    let parts = scatter(input, devices.count)
    let isRecording = isRecordingGradients
    withoutGradients {
      for replica in replicas.prefix(parts.count) {
        for (own, copy) in zip(state(of: module), state(of: replica)) { copy.copy(from: own) }
      }
    }
    return withUnsafeTemporaryAllocation(of: Model.Output?.self, capacity: parts.count) { outputs in
      outputs.initialize(repeating: nil)
      defer { outputs.deinitialize() }
      let jobs = parts.indices.map { index in
        { [replicas] in
          outputs[index] =
            isRecording
            ? replicas[index](parts[index]) : withoutGradients { replicas[index](parts[index]) }
        }
      }
      inParallel(jobs)
      // The first replica's buffers are the model's, as in PyTorch.
      withoutGradients {
        for (own, copy) in zip(module.namedBuffers, replicas[0].namedBuffers) {
          own.tensor.copy(from: copy.tensor)
        }
      }
      return gather(outputs.compactMap { $0 })
    }
  }

  private func state(of model: Model) -> [Tensor] {
    (model.namedParameters + model.namedBuffers).map { $0.tensor.detached() }
  }

  /// Adds a replica's gradient to the model's.
  private static func add(_ copy: Tensor, to own: Tensor) {
    guard let gradient = copy.grad else { return }
    withoutGradients {
      let moved = gradient.moved(to: own.device)
      if let sum = own.grad { sum.add(moved) } else { own.grad = moved }
    }
    copy.grad = nil
  }
}

extension DataParallel where Model.Input == Tensor, Model.Output == Tensor {
  /// Makes replicas of a model of tensors, whose first dimension is the batch's.
  ///
  /// - Throws: ``TorchError``, as
  ///   ``init(_:devices:scatter:gather:replica:)``.
  public convenience init(_ module: Model, devices: [Device], replica make: () -> Model)
    throws(TorchError)
  {
    try self.init(
      module, devices: devices,
      scatter: { input, count in
        let rows = input.shape[0]
        let size = max(1, (rows + count - 1) / count)
        return zip(stride(from: 0, to: rows, by: size), devices).map { start, device in
          input.narrowed(along: 0, to: start..<min(start + size, rows)).moved(to: device)
        }
      },
      gather: { outputs in
        Tensor.concatenate(outputs.map { $0.moved(to: devices.first ?? .cpu) })
      }, replica: make)
  }
}

/// Runs closures on threads of their own; none may touch what another does.
private func inParallel(_ jobs: [() -> Void]) {
  nonisolated(unsafe) let jobs = jobs
  DispatchQueue.concurrentPerform(iterations: jobs.count) { jobs[$0]() }
}
