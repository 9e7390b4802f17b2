/// The input of one call of a recurrent network, in the shapes that operators take.
struct RecurrentCall {
  /// Shape `[length, batch, features]` or with the batch first; packed: `[elements, features]`.
  var data: Tensor
  /// The hidden states, each `[layers × directions, batch, size]`.
  var states: [Tensor]
  /// The packing of the input, or `nil` for padded sequences.
  private(set) var packing: PackedSequence?
  /// The batch dimension that was added to a single sequence, or `nil`.
  private var addedDimension: Int?

  /// Checks the input and completes the states; `nil` after a failed operator.
  ///
  /// - Parameters:
  ///   - layer: The network.
  ///   - input: The sequences.
  ///   - states: The states before the sequences; `nil` for zeros.
  ///   - stateSizes: The size of each state.
  init?(
    _ layer: RecurrentLayer, _ input: RecurrentSequence, _ states: [Tensor]?, stateSizes: [Int]
  ) {
    data = input.data
    self.states = []
    guard data.isDefined, states?.allSatisfy(\.isDefined) ?? true else { return nil }
    let fail = { (problem: String) in
      operatorFailed("\(type(of: layer))", input.data.summary, problem)
    }
    var batch = 0
    switch input {
    case .packed(let sequence):
      packing = sequence
      batch = sequence.batchSize
      guard data.ndim == 2 else {
        fail("packed elements have shape \(data.shape): pack sequences of shape [length, features]")
        return nil
      }
    case .padded:
      guard [2, 3].contains(data.ndim) else {
        fail("the input has shape \(data.shape): pass [length, batch, features] or one sequence")
        return nil
      }
      let batchDimension = layer.batchFirst ? 0 : 1
      if data.ndim == 2 {
        addedDimension = batchDimension
        data = data.unsqueeze(dim: batchDimension)
      }
      batch = data.shape[batchDimension]
    }
    guard data.shape.last == layer.inputSize else {
      fail(
        "the elements have \(data.shape.last ?? 0) features, but the network has inputSize "
          + "\(layer.inputSize): create it with the number of features of its input")
      return nil
    }
    guard let states else {
      self.states = stateSizes.map {
        Tensor.zeros([layer.stateCount, batch, $0], dtype: data.dtype, device: data.device)
      }
      return
    }
    for (state, size) in zip(states, stateSizes) {
      let expected =
        addedDimension == nil ? [layer.stateCount, batch, size] : [layer.stateCount, size]
      guard state.shape == expected else {
        fail(
          "a hidden state has shape \(state.shape), but the network needs \(expected): pass the "
            + "state of an earlier call with the same batch, or none")
        return nil
      }
      let batched = addedDimension == nil ? state : state.unsqueeze(dim: 1)
      let order = packing?.sortedIndices
      self.states.append(order.map { batched.indexSelect(dim: 1, index: $0) } ?? batched)
    }
  }

  /// The output in the form of the input.
  func output(_ result: Tensor) -> RecurrentSequence {
    if var packing {
      packing.data = result
      return .packed(packing)
    }
    return .padded(addedDimension.map { result.squeeze(dim: $0) } ?? result)
  }

  /// A final state in the order and form of the input.
  func state(_ result: Tensor) -> Tensor {
    if let order = packing?.unsortedIndices { return result.indexSelect(dim: 1, index: order) }
    return addedDimension == nil ? result : result.squeeze(dim: 1)
  }
}

extension RecurrentLayer {
  /// Runs an operator on padded or packed sequences.
  ///
  /// - Returns: The output, and the final states.
  func run(
    _ call: RecurrentCall, padded: Operator, packed: Operator, hasStateList: Bool = false
  ) -> [Tensor] {
    let state: Operator.Argument =
      hasStateList ? .tensors(call.states) : .tensor(call.states[0])
    let count = 1 + call.states.count
    if let packing = call.packing {
      return packed.tensors(
        count: count, .tensor(call.data), .tensor(packing.batchSizes), state,
        .tensors(flatWeights), .bool(bias), .int(numLayers), .double(dropout), .bool(isTraining),
        .bool(bidirectional))
    }
    return padded.tensors(
      count: count, .tensor(call.data), state, .tensors(flatWeights), .bool(bias), .int(numLayers),
      .double(dropout), .bool(isTraining), .bool(bidirectional), .bool(batchFirst))
  }
}
