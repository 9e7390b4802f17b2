internal import Collectives
internal import Support
internal import Torch
internal import TorchCollectives

extension OptimizerState {
  /// Gathers the states of all ranks.
  ///
  /// - Parameters:
  ///   - root: The rank that receives the states.
  ///   - group: The ranks.
  ///   - parameters: For each rank, the parameters of its state; equal on all ranks.
  /// - Returns: Copies of the states on `root` in rank order, `nil` on the other ranks.
  /// - Throws: ``CollectiveError`` if a peer is lost or times out.
  func gathered(to root: Int, over group: any ProcessGroup, like parameters: [[Tensor]])
    throws(CollectiveError) -> [OptimizerState]?
  {
    let layouts = try group.allGatherObjects(Layout(self))
    var states: [OptimizerState] = []
    for (rank, layout) in layouts.enumerated() {
      var tensors: [StateDict] = []
      for (index, saved) in layout.groups.flatMap(\.parameters).enumerated() {
        var received: StateDict = [:]
        let device = parameters[rank][index].device
        for form in saved.tensors {
          let tensor = try buffer(form, of: index, isOwn: rank == group.rank, on: device)
          try group.broadcast(tensor, from: rank)
          if group.rank == root { received[form.name] = tensor }
        }
        tensors.append(received)
      }
      if group.rank == root { states.append(layout.state(tensors)) }
    }
    return group.rank == root ? states : nil
  }

  /// A contiguous copy of this rank's tensor, or memory that receives another rank's.
  private func buffer(
    _ form: Layout.TensorForm, of parameter: Int, isOwn: Bool, on device: Device
  ) throws(CollectiveError) -> Tensor {
    guard let dtype = DType(rawValue: form.dtype) else {
      throw CollectiveError(.mismatch, "'\(form.name)' has the unknown element type \(form.dtype)")
    }
    let buffer = Tensor.empty(form.shape, dtype: dtype, device: device)
    if isOwn, let own = parameters[parameter].tensors[form.name] {
      noGrad { buffer.copy_(own) }
    }
    return buffer
  }
}

/// The contents of an ``OptimizerState`` except for its tensors, to send to other ranks.
private struct Layout: Codable {
  struct TensorForm: Codable {
    var name: String
    var dtype: DType.RawValue
    var shape: [Int]
  }

  struct Parameter: Codable {
    var shape: [Int]
    var tensors: [TensorForm]
  }

  struct Group: Codable {
    var hyperparameters: [String: JSONValue]
    var parameters: [Parameter]
  }

  var groups: [Group]
  var hyperparameters: [String: JSONValue]

  init(_ state: OptimizerState) {
    groups = state.groups.map { group in
      Group(
        hyperparameters: group.hyperparameters,
        parameters: group.parameters.map { parameter in
          Parameter(
            shape: parameter.shape,
            tensors: parameter.tensors.sorted { $0.key < $1.key }.map {
              TensorForm(name: $0.key, dtype: $0.value.dtype.rawValue, shape: $0.value.shape)
            })
        })
    }
    hyperparameters = state.hyperparameters
  }

  /// The state with the tensors of each parameter.
  func state(_ tensors: [StateDict]) -> OptimizerState {
    var rest = tensors[...]
    return OptimizerState(
      groups: groups.map { group in
        OptimizerState.Group(
          hyperparameters: group.hyperparameters,
          parameters: group.parameters.map {
            OptimizerState.Parameter(shape: $0.shape, tensors: rest.popFirst() ?? [:])
          })
      }, hyperparameters: hyperparameters)
  }
}
