import Torch

nonisolated(unsafe) let recurrentCalls: [String: ModuleFactory] = [
  "RNN": { given in
    let network = RNN(
      try given.int(0, "input_size"), try given.int(1, "hidden_size"),
      numLayers: try given.int(2, "num_layers", default: 1),
      nonlinearity: try given.choice(3, "nonlinearity", default: .tanh),
      bias: try given.bool(4, "bias", default: true),
      batchFirst: try given.bool(5, "batch_first", default: false),
      dropout: try given.double(6, "dropout", default: 0),
      bidirectional: try given.bool(7, "bidirectional", default: false))
    return ModuleCall(network) { network, inputs in
      let hx = try inputs.optionalTensor(1, "hx")
      if let packed = try inputs.packedSequence(0, "input") {
        let (output, hidden) = try network(packed, hx)
        return output.tensors + [hidden]
      }
      let (output, hidden) = try network(inputs.tensor(0, "input"), hx)
      return [output, hidden]
    }
  },
  "GRU": { given in
    let network = GRU(
      try given.int(0, "input_size"), try given.int(1, "hidden_size"),
      numLayers: try given.int(2, "num_layers", default: 1),
      bias: try given.bool(3, "bias", default: true),
      batchFirst: try given.bool(4, "batch_first", default: false),
      dropout: try given.double(5, "dropout", default: 0),
      bidirectional: try given.bool(6, "bidirectional", default: false))
    return ModuleCall(network) { network, inputs in
      let hx = try inputs.optionalTensor(1, "hx")
      if let packed = try inputs.packedSequence(0, "input") {
        let (output, hidden) = try network(packed, hx)
        return output.tensors + [hidden]
      }
      let (output, hidden) = try network(inputs.tensor(0, "input"), hx)
      return [output, hidden]
    }
  },
  "LSTM": { given in
    let network = LSTM(
      try given.int(0, "input_size"), try given.int(1, "hidden_size"),
      numLayers: try given.int(2, "num_layers", default: 1),
      bias: try given.bool(3, "bias", default: true),
      batchFirst: try given.bool(4, "batch_first", default: false),
      dropout: try given.double(5, "dropout", default: 0),
      bidirectional: try given.bool(6, "bidirectional", default: false),
      projSize: try given.int(7, "proj_size", default: 0))
    return ModuleCall(network) { network, inputs in
      let hx = try inputs.state(1, "hx")
      if let packed = try inputs.packedSequence(0, "input") {
        let (output, state) = try network(packed, hx)
        return output.tensors + [state.hidden, state.cell]
      }
      let (output, state) = try network(inputs.tensor(0, "input"), hx)
      return [output, state.hidden, state.cell]
    }
  },
  "RNNCell": { given in
    let cell = RNNCell(
      try given.int(0, "input_size"), try given.int(1, "hidden_size"),
      bias: try given.bool(2, "bias", default: true),
      nonlinearity: try given.choice(3, "nonlinearity", default: .tanh))
    return ModuleCall(cell) { cell, inputs in
      [try cell(inputs.tensor(0, "input"), inputs.optionalTensor(1, "hx"))]
    }
  },
  "GRUCell": { given in
    let cell = GRUCell(
      try given.int(0, "input_size"), try given.int(1, "hidden_size"),
      bias: try given.bool(2, "bias", default: true))
    return ModuleCall(cell) { cell, inputs in
      [try cell(inputs.tensor(0, "input"), inputs.optionalTensor(1, "hx"))]
    }
  },
  "LSTMCell": { given in
    let cell = LSTMCell(
      try given.int(0, "input_size"), try given.int(1, "hidden_size"),
      bias: try given.bool(2, "bias", default: true))
    return ModuleCall(cell) { cell, inputs in
      let state = try cell(inputs.tensor(0, "input"), inputs.state(1, "hx"))
      return [state.hidden, state.cell]
    }
  },
]

extension Arguments {
  /// A packed sequence, or `nil` if the argument is a tensor.
  fileprivate func packedSequence(_ index: Int, _ name: String) throws -> PackedSequence? {
    guard let parts = value(index, name)?["packed"]?.elements else { return nil }
    guard parts.count == 4, let data = parts[0].tensorValue, let sizes = parts[1].tensorValue else {
      throw Mismatch(description: "argument \(name) is not a packed sequence")
    }
    return PackedSequence(
      data: data, batchSizes: sizes, sortedIndices: parts[2].tensorValue,
      unsortedIndices: parts[3].tensorValue)
  }

  /// The hidden state and the cell state of a long short-term memory.
  fileprivate func state(_ index: Int, _ name: String) throws -> LSTM.State? {
    guard let parts = value(index, name)?.elements else { return nil }
    guard parts.count == 2, let hidden = parts[0].tensorValue, let cell = parts[1].tensorValue
    else { throw Mismatch(description: "argument \(name) is not a pair of states") }
    return (hidden, cell)
  }
}

extension PackedSequence {
  /// The parts, in PyTorch's order.
  fileprivate var tensors: [Tensor] {
    [data, batchSizes] + [sortedIndices, unsortedIndices].compactMap { $0 }
  }
}
