/// Parameters of one group, one type and one device that an optimizer updates together.
///
/// Complex parameters, their gradients and their states are views as real numbers, as in PyTorch.
public struct ParameterBatch {
  /// The parameters.
  public let parameters: [Tensor]
  /// The gradients of the parameters.
  public let gradients: [Tensor]
  /// The group, with all hyperparameters of the optimizer.
  public let group: ParameterGroup
  private let states: [StateDict]
  /// Whether the state of each parameter was created for this update.
  private let isFirst: [Bool]

  /// The tensors of a name in the states of the parameters.
  ///
  /// - Precondition: Each state has a tensor of that name.
  public subscript(name: String) -> [Tensor] {
    states.map { state in
      guard let tensor = state[name] else {
        fatalError("the state of a parameter has no '\(name)': return it in initialState(of:in:)")
      }
      return tensor
    }
  }

  /// The gradients of the function to minimize, with the weight decay of the group.
  ///
  /// The opposite gradients if the group's `maximize` is set, plus the parameters multiplied by the
  /// weight decay.
  public var descent: [Tensor] { regularized(by: group.weightDecay) }

  /// The gradients of the function to minimize, plus the parameters multiplied by a number.
  func regularized(by weightDecay: Double) -> [Tensor] {
    let signed = group.value(of: .maximize) == true ? gradients.neg() : gradients
    return weightDecay == 0 ? signed : signed.add(parameters, alpha: weightDecay)
  }

  /// The gradients of the function to minimize with the weight decay of the group, which is applied
  /// to the parameters instead if the group's `decoupledWeightDecay` is set.
  var decayedDescent: [Tensor] {
    guard group[.decoupledWeightDecay] else { return descent }
    decayParameters()
    return regularized(by: 0)
  }

  /// Multiplies the parameters by 1 - learning rate × weight decay.
  func decayParameters() {
    guard group.weightDecay != 0 else { return }
    parameters.mul_(1 - group.learningRate * group.weightDecay)
  }

  /// Counts a step in the states' `step` and returns the numbers of steps of the parameters.
  func countSteps() -> [Double] {
    let steps = self["step"]
    steps.add_(1)
    return steps.map(\.item)
  }

  /// Whether this is the first update of the parameters; see ``dividedByAge``.
  var isNew: Bool { isFirst.first == true }

  /// The batch, divided into the parameters that are updated for the first time and the others.
  var dividedByAge: [ParameterBatch] {
    [true, false].compactMap { isNew in part(isFirst.indices.filter { isFirst[$0] == isNew }) }
  }

  /// The batch, divided into the parameters that have a property and the others.
  func divided(by property: (Tensor) -> Bool) -> (ParameterBatch?, ParameterBatch?) {
    (
      part(parameters.indices.filter { property(parameters[$0]) }),
      part(parameters.indices.filter { !property(parameters[$0]) })
    )
  }

  private func part(_ members: [Int]) -> ParameterBatch? {
    if members.isEmpty { return nil }
    if members.count == parameters.count { return self }
    return ParameterBatch(
      parameters: members.map { parameters[$0] }, gradients: members.map { gradients[$0] },
      group: group, states: members.map { states[$0] }, isFirst: members.map { isFirst[$0] })
  }

  /// The batches of parameters with gradients, in the order of their first parameter.
  static func batches(
    _ parameters: [Tensor], _ gradients: [Tensor], _ group: ParameterGroup,
    _ state: (Tensor, ParameterGroup) -> (tensors: StateDict, isNew: Bool)
  ) -> [ParameterBatch] {
    var kinds: [TensorKind] = []
    var members: [TensorKind: [Int]] = [:]
    for (index, parameter) in parameters.enumerated() {
      let kind = TensorKind(device: parameter.device, dtype: parameter.dtype)
      if members[kind] == nil { kinds.append(kind) }
      members[kind, default: []].append(index)
    }
    return kinds.map { kind in
      let indices = members[kind] ?? []
      let states = indices.map { state(parameters[$0], group) }
      return ParameterBatch(
        parameters: indices.map { parameters[$0].asReal },
        gradients: indices.map { gradients[$0].asReal },
        group: group,
        states: states.map { kind.dtype.isComplex ? $0.tensors.mapValues(\.asReal) : $0.tensors },
        isFirst: states.map(\.isNew))
    }
  }
}

extension Tensor {
  /// A view of complex numbers as pairs of real numbers; other tensors themselves.
  fileprivate var asReal: Tensor { dtype.isComplex ? viewAsReal() : self }

  /// A tensor of the same shape whose elements, also the parts of complex ones, are all `value`.
  func filledLike(_ value: Double) -> Tensor {
    let tensor = zerosLike()
    tensor.asReal.fill_(value)
    return tensor
  }

  /// The count of an optimizer's steps, on the CPU so that reading it does not wait for a GPU.
  static func stepCount(on device: Device = .cpu) -> Tensor {
    Tensor.zeros([], dtype: .float32, device: device)
  }
}
