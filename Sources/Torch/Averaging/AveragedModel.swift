internal import Support

/// A model whose weights are an average of another model's weights during training, like PyTorch's
/// `torch.optim.swa_utils.AveragedModel`.
///
/// An exponential moving average (``AverageFunction/ema(decay:file:line:)``) is updated after each
/// step; the equal average of stochastic weight averaging (``AverageFunction/swa``, Izmailov et al.
/// 2018) after each epoch of the last part of the training.
///
/// ```swift
/// let averaged = AveragedModel(Network(), .ema(decay: 0.999))   // another instance
/// for batch in batches {
///   …
///   try optimizer.step()
///   try averaged.updateParameters(model)
/// }
/// averaged.eval()
/// let prediction = try averaged(x)
/// ```
///
/// It is ``Stateful``: a snapshot that contains it continues the average with the same bits.
public final class AveragedModel<Model: Module>: Module {
  /// The model with the averaged weights.
  public let module: Model
  /// The number of models in the average, an int64 scalar with PyTorch's name `n_averaged`.
  @Named @Buffer public var nAveraged: Tensor
  private let function: AverageFunction
  private let useBuffers: Bool

  /// Creates an average of no models yet.
  ///
  /// - Parameters:
  ///   - module: A model of the same structure as the one to average, which is overwritten. It must
  ///     not be the model that is trained.
  ///   - function: How the average changes.
  ///   - useBuffers: Whether buffers are averaged too. If not, they are copied from the model.
  public init(_ module: Model, _ function: AverageFunction = .swa, useBuffers: Bool = false) {
    self.module = module
    self.function = function
    self.useBuffers = useBuffers
    _nAveraged = Named(
      Buffer(wrappedValue: Tensor.zeros([], dtype: .int64)), as: "n_averaged")
    for parameter in module.parameters { parameter.requiresGrad = false }
  }

  /// Computes the output of the averaged model.
  ///
  /// - Throws: The errors of the model.
  public func forward(_ input: Model.Input) throws -> Model.Output { try module(input) }

  /// Adds the current weights of a model to the average; the first ones are copied.
  ///
  /// - Throws: ``TorchError`` with code `mismatch` if the model has other parameters; nothing is
  ///   changed.
  public func updateParameters(_ model: some Module) throws(TorchError) {
    let averaged =
      useBuffers ? module.namedParameters + module.namedBuffers : module.namedParameters
    let current = useBuffers ? model.namedParameters + model.namedBuffers : model.namedParameters
    let pairs = try pairs(averaged, current)
    let copied = try useBuffers ? [] : self.pairs(module.namedBuffers, model.namedBuffers)
    let count = Int(nAveraged.item)
    noGrad {
      for pair in pairs {
        let source = pair.current.detach().to(pair.averaged.device)
        if count == 0 {
          pair.averaged.copy_(source)
        } else {
          function.update(pair.averaged.detach(), source, count)
        }
      }
      for pair in copied { pair.averaged.copy_(pair.current.detach()) }
      nAveraged.fill_(count + 1)
    }
  }

  private func pairs(
    _ averaged: [(name: String, tensor: Tensor)], _ current: [(name: String, tensor: Tensor)]
  ) throws(TorchError) -> [(averaged: Tensor, current: Tensor)] {
    for (own, other) in zip(averaged, current)
    where own.name != other.name || own.tensor.shape != other.tensor.shape {
      throw TorchError(
        .mismatch,
        "the averaged model has '\(own.name)' of shape \(own.tensor.shape), but the model "
          + "'\(other.name)' of shape \(other.tensor.shape): create both with the same arguments")
    }
    guard averaged.count == current.count else {
      throw TorchError(
        .mismatch,
        "the averaged model has \(averaged.count) tensors, but the model \(current.count): create "
          + "both with the same arguments")
    }
    if let same = zip(averaged, current).first(where: { $0.tensor === $1.tensor }) {
      throw TorchError(
        .mismatch,
        "the averaged model has the same '\(same.0.name)' as the model: create it with another "
          + "instance")
    }
    return zip(averaged, current).map { ($0.tensor, $1.tensor) }
  }
}

/// How an ``AveragedModel`` changes with each model.
public struct AverageFunction {
  /// Updates an average in place from the current weights and the number of models before.
  let update: (_ averaged: Tensor, _ current: Tensor, _ count: Int) -> Void

  /// The equal average of all models, PyTorch's `get_swa_avg_fn`.
  public static var swa: AverageFunction {
    AverageFunction { averaged, current, count in
      averaged.copy_(averaged + (current - averaged) / (count + 1))
    }
  }

  /// An average in which a model's weight decays with each later one, PyTorch's
  /// `get_ema_multi_avg_fn`.
  ///
  /// - Precondition: The decay is in [0, 1].
  public static func ema(
    decay: Double = 0.999, file: StaticString = #fileID, line: UInt = #line
  ) -> AverageFunction {
    require(
      0...1 ~= decay, "the decay of an average is \(decay); use 0 or more and 1 or less",
      file: file,
      line: line)
    return AverageFunction { averaged, current, _ in
      if averaged.dtype.isFloatingPoint || averaged.dtype.isComplex {
        averaged.copy_(averaged.lerp(current, 1 - decay))
      } else {
        averaged.copy_(averaged * decay + current * (1 - decay))
      }
    }
  }

  /// A function of the average, the current weights and the number of models before that returns
  /// the new average, PyTorch's `avg_fn`.
  public static func custom(
    _ function: @escaping (_ averaged: Tensor, _ current: Tensor, _ count: Int) -> Tensor
  ) -> AverageFunction {
    AverageFunction { averaged, current, count in
      averaged.copy_(function(averaged, current, count))
    }
  }
}
