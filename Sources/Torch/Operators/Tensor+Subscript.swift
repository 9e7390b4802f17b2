extension Tensor {
  /// The elements at indices, as PyTorch's `x[...]` takes them.
  ///
  /// Integers, ranges, `.all`, `.ellipsis` and `.newAxis` give views; index tensors and masks give
  /// copies. Assignment overwrites the elements in memory, which all views of the tensor share; the
  /// new values are broadcast. An index that is out of range is a failed operator.
  public subscript(_ indices: any TensorIndexConvertible...) -> Tensor {
    get {
      let (view, tensors) = TensorIndex.resolve(indices.map(\.tensorIndex), of: self)
      return tensors.isEmpty ? view : view.index(tensors)
    }
    // The tensor is a reference: its elements change, not the variable.
    set { assign(newValue, at: indices.map(\.tensorIndex)) }
  }

  private func assign(_ value: Tensor, at indices: [TensorIndex]) {
    let (view, tensors) = TensorIndex.resolve(indices, of: self)
    if tensors.isEmpty {
      view.copy_(value)
    } else {
      indexPutInPlace.run(.tensor(view), .optionalTensors(tensors), .tensor(value))
    }
  }
}

extension TensorIndex {
  /// The view that the integers, slices and new axes give, and the tensors that index its
  /// dimensions; `nil` takes all of a dimension, and no tensor at all means the view alone.
  fileprivate static func resolve(
    _ indices: [TensorIndex], of tensor: Tensor
  ) -> (view: Tensor, tensors: [Tensor?]) {
    let taken = indices.reduce(0) { $0 + $1.dimensionCount }
    var view = tensor
    var dimension = 0
    var tensors: [Tensor?] = []
    for index in indices {
      switch index.kind {
      case .all:
        dimension += 1
      case .ellipsis:
        dimension += max(0, tensor.ndim - taken)
      case .newAxis:
        view = view.unsqueeze(dim: dimension)
        dimension += 1
      case .integer(let position):
        view = view.select(dim: dimension, index: position)
      case .slice(let start, let end, let step):
        view = view.slice(dim: dimension, start: start, end: end, step: step)
        dimension += 1
      case .tensor(let positions):
        while tensors.count < dimension { tensors.append(nil) }
        tensors.append(positions)
        dimension += positions.dtype == .bool ? positions.ndim : 1
        // The dimensions of a mask beyond its first are part of the same index.
        if positions.dtype == .bool, positions.ndim > 1 { dimension -= positions.ndim - 1 }
      }
    }
    return (view, tensors)
  }

  /// The number of dimensions of the tensor that the index takes.
  private var dimensionCount: Int {
    switch kind {
    case .all, .integer, .slice: 1
    case .ellipsis, .newAxis: 0
    case .tensor(let positions): positions.dtype == .bool ? positions.ndim : 1
    }
  }
}

private let indexPutInPlace = Operator("aten::index_put_")
