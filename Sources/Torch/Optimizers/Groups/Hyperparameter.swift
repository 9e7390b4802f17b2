/// The name and the type of a hyperparameter of an optimizer, such as ``momentum``.
///
/// It reads and sets the hyperparameter of a group:
///
/// ```swift
/// var head = ParameterGroup(model.head.parameters, learningRate: 1e-2)
/// head[.momentum] = 0.5
/// let optimizer = SGD([ParameterGroup(model.body.parameters), head], learningRate: 1e-3, momentum:
/// 0.9) ```
public struct Hyperparameter<Value: HyperparameterValue>: Sendable {
  /// The name in PyTorch's `param_groups`, such as `weight_decay`.
  public let name: String

  /// Creates a key for a hyperparameter of an optimizer of your own.
  public init(_ name: String) { self.name = name }
}

extension Hyperparameter where Value == Double {
  /// The learning rate, PyTorch's `lr`.
  public static var learningRate: Self { .init("lr") }
  /// The weight decay.
  public static var weightDecay: Self { .init("weight_decay") }
  /// The momentum.
  public static var momentum: Self { .init("momentum") }
  /// How much of a gradient the momentum leaves out.
  public static var dampening: Self { .init("dampening") }
  /// Added to a denominator.
  public static var eps: Self { .init("eps") }
  /// The decay of ``NAdam``'s momentum.
  public static var momentumDecay: Self { .init("momentum_decay") }
  /// The decay of ``Adagrad``'s learning rate.
  public static var learningRateDecay: Self { .init("lr_decay") }
  /// The first value of ``Adagrad``'s sums.
  public static var initialAccumulatorValue: Self { .init("initial_accumulator_value") }
  /// The decay rate of ``Adadelta``'s running means.
  public static var rho: Self { .init("rho") }
  /// The decay rate of ``RMSprop``'s running mean, or the power of ``ASGD``'s learning rate.
  public static var alpha: Self { .init("alpha") }
  /// The decay term of ``ASGD``.
  public static var lambd: Self { .init("lambd") }
  /// The step at which ``ASGD`` starts to average.
  public static var t0: Self { .init("t0") }
  /// The power of ``Adafactor``'s decay rate.
  public static var beta2Decay: Self { .init("beta2_decay") }
  /// The clipping threshold of ``Adafactor``.
  public static var d: Self { .init("d") }
  /// The largest gradient at which ``LBFGS`` stops.
  public static var toleranceGrad: Self { .init("tolerance_grad") }
  /// The smallest change at which ``LBFGS`` continues.
  public static var toleranceChange: Self { .init("tolerance_change") }
}

extension Hyperparameter where Value == Bool {
  /// Whether the momentum is Nesterov's.
  public static var nesterov: Self { .init("nesterov") }
  /// Whether the objective is maximized.
  public static var maximize: Self { .init("maximize") }
  /// Whether the second mean is a maximum over all steps (Reddi, Kale & Kumar 2018).
  public static var amsgrad: Self { .init("amsgrad") }
  /// Whether weights decay apart from the gradient (Loshchilov & Hutter 2019).
  public static var decoupledWeightDecay: Self { .init("decoupled_weight_decay") }
  /// Whether ``RMSprop`` subtracts the square of the mean gradient.
  public static var centered: Self { .init("centered") }
}

extension Hyperparameter where Value == [Double] {
  /// The two decay rates of running means.
  public static var betas: Self { .init("betas") }
  /// The factors by which ``Rprop`` decreases and increases a step size.
  public static var etas: Self { .init("etas") }
  /// The smallest and the largest step size of ``Rprop``.
  public static var stepSizes: Self { .init("step_sizes") }
  /// The coefficients of ``Muon``'s iteration.
  public static var nsCoefficients: Self { .init("ns_coefficients") }
}

extension Hyperparameter where Value == [Double?] {
  /// The two values of ``Adafactor`` that keep it stable.
  public static var epsPair: Self { .init("eps") }
}

extension Hyperparameter where Value == Int {
  /// The number of steps of ``Muon``'s iteration.
  public static var nsSteps: Self { .init("ns_steps") }
  /// The number of iterations in a step of ``LBFGS``.
  public static var maxIter: Self { .init("max_iter") }
  /// The number of evaluations in a step of ``LBFGS``.
  public static var maxEval: Self { .init("max_eval") }
  /// The number of updates that ``LBFGS`` remembers.
  public static var historySize: Self { .init("history_size") }
}

extension Hyperparameter where Value == Muon.LearningRateAdjustment? {
  /// How ``Muon`` adjusts the learning rate to the shape of a matrix.
  public static var adjustLearningRateFn: Self { .init("adjust_lr_fn") }
}

extension Hyperparameter where Value == LBFGS.LineSearch? {
  /// The line search of ``LBFGS``.
  public static var lineSearchFn: Self { .init("line_search_fn") }
}

/// The Swift name of a hyperparameter, such as `learningRate` for `lr`.
func swiftName(ofHyperparameter name: String) -> String {
  switch name {
  case "lr": return "learningRate"
  case "lr_decay": return "learningRateDecay"
  case "adjust_lr_fn": return "adjustLearningRateFn"
  case "line_search_fn": return "lineSearchFn"
  default:
    let words = name.split(separator: "_")
    return words.dropFirst().reduce(String(words.first ?? "")) { name, word in
      name + word.prefix(1).uppercased() + word.dropFirst()
    }
  }
}
