import Torch

nonisolated(unsafe) let lossCalls: [String: ModuleFactory] = [
  "L1Loss": { ModuleCall(L1Loss(reduction: try $0.reduction(2))) },
  "MSELoss": { ModuleCall(MSELoss(reduction: try $0.reduction(2))) },
  "SmoothL1Loss": {
    ModuleCall(
      SmoothL1Loss(
        reduction: try $0.reduction(2), beta: try $0.double(3, "beta", default: 1)))
  },
  "HuberLoss": {
    ModuleCall(
      HuberLoss(reduction: try $0.reduction(0), delta: try $0.double(1, "delta", default: 1)))
  },
  "PoissonNLLLoss": {
    ModuleCall(
      PoissonNLLLoss(
        logInput: try $0.bool(0, "log_input", default: true),
        full: try $0.bool(1, "full", default: false), eps: try $0.double(3, "eps", default: 1e-8),
        reduction: try $0.reduction(5)))
  },
  "GaussianNLLLoss": {
    ternary(
      GaussianNLLLoss(
        full: try $0.bool(9, "full", default: false), eps: try $0.double(9, "eps", default: 1e-6),
        reduction: try $0.reduction(9)))
  },
  "CrossEntropyLoss": {
    ModuleCall(
      CrossEntropyLoss(
        weight: try $0.optionalTensor(0, "weight"),
        ignoreIndex: try $0.int(2, "ignore_index", default: -100), reduction: try $0.reduction(4),
        labelSmoothing: try $0.double(5, "label_smoothing", default: 0)))
  },
  "NLLLoss": {
    ModuleCall(
      NLLLoss(
        weight: try $0.optionalTensor(0, "weight"),
        ignoreIndex: try $0.int(2, "ignore_index", default: -100), reduction: try $0.reduction(4)))
  },
  "BCELoss": {
    ModuleCall(
      BCELoss(weight: try $0.optionalTensor(0, "weight"), reduction: try $0.reduction(3)))
  },
  "BCEWithLogitsLoss": {
    ModuleCall(
      BCEWithLogitsLoss(
        weight: try $0.optionalTensor(0, "weight"), reduction: try $0.reduction(3),
        posWeight: try $0.optionalTensor(4, "pos_weight")))
  },
  "KLDivLoss": {
    ModuleCall(
      KLDivLoss(
        reduction: try $0.choice(2, "reduction", default: .mean),
        logTarget: try $0.bool(3, "log_target", default: false)))
  },
  "MultiMarginLoss": {
    ModuleCall(
      MultiMarginLoss(
        p: try $0.int(0, "p", default: 1), margin: try $0.double(1, "margin", default: 1),
        weight: try $0.optionalTensor(2, "weight"), reduction: try $0.reduction(5)))
  },
  "MultiLabelMarginLoss": { ModuleCall(MultiLabelMarginLoss(reduction: try $0.reduction(2))) },
  "MultiLabelSoftMarginLoss": {
    ModuleCall(
      MultiLabelSoftMarginLoss(
        weight: try $0.optionalTensor(0, "weight"), reduction: try $0.reduction(3)))
  },
  "SoftMarginLoss": { ModuleCall(SoftMarginLoss(reduction: try $0.reduction(2))) },
  "HingeEmbeddingLoss": {
    ModuleCall(
      HingeEmbeddingLoss(
        margin: try $0.double(0, "margin", default: 1), reduction: try $0.reduction(3)))
  },
  "MarginRankingLoss": {
    ternary(
      MarginRankingLoss(
        margin: try $0.double(0, "margin", default: 0), reduction: try $0.reduction(3)))
  },
  "CosineEmbeddingLoss": {
    ternary(
      CosineEmbeddingLoss(
        margin: try $0.double(0, "margin", default: 0), reduction: try $0.reduction(3)))
  },
  "TripletMarginLoss": {
    ternary(
      TripletMarginLoss(
        margin: try $0.double(0, "margin", default: 1), p: try $0.double(1, "p", default: 2),
        eps: try $0.double(2, "eps", default: 1e-6), swap: try $0.bool(3, "swap", default: false),
        reduction: try $0.reduction(6)))
  },
  "TripletMarginWithDistanceLoss": {
    ternary(
      TripletMarginWithDistanceLoss(
        margin: try $0.double(9, "margin", default: 1),
        swap: try $0.bool(9, "swap", default: false), reduction: try $0.reduction(9)))
  },
  "CTCLoss": {
    ModuleCall(
      CTCLoss(
        blank: try $0.int(0, "blank", default: 0), reduction: try $0.reduction(1),
        zeroInfinity: try $0.bool(2, "zero_infinity", default: false))
    ) { loss, inputs in
      [
        try loss(
          inputs.tensor(0, "log_probs"), inputs.tensor(1, "targets"),
          inputs.lengths(2, "input_lengths"), inputs.lengths(3, "target_lengths"))
      ]
    }
  },
]

/// A loss of three tensors.
private func ternary<Loss: Module>(_ loss: Loss) -> ModuleCall
where Loss.Input == (Tensor, Tensor, Tensor), Loss.Output == Tensor {
  ModuleCall(loss) { loss, inputs in
    [
      try loss(
        inputs.tensor(0, "input1"), inputs.tensor(1, "input2"), inputs.tensor(2, "target"))
    ]
  }
}

extension Arguments {
  /// PyTorch's name of a reduction.
  fileprivate func reduction(_ index: Int) throws -> LossReduction {
    switch try string(index, "reduction", default: "mean") {
    case "none": .none
    case "sum": .sum
    case "mean": .mean
    case let name: throw Mismatch(description: "no reduction \(name)")
    }
  }

  /// A tensor of lengths, or the lengths themselves.
  fileprivate func lengths(_ index: Int, _ name: String) throws -> Tensor {
    if let tensor = try? optionalTensor(index, name) { return tensor }
    let integers = try integers(index, name)
    return Tensor(integers.integers)
  }
}
