import CTorch
import Testing
import Torch

/// The composite operators, which devices other than the CPU use, against the kernels.
@Suite(.serialized) struct CompositeOperatorTests {
  private let boundaries = Tensor([0, 5, 135, 136] as [Int64])

  /// One query per token, and one per sequence for its first token.
  @Test(arguments: [136, 3]) func attentionEqualsTheKernel(queries: Int) throws {
    try compare("attention", [[queries, 48], [136, 48], [136, 48]]) { op, inputs in
      op.tensor(
        .tensor(inputs[0]), .tensor(inputs[1]), .tensor(inputs[2]), .tensor(boundaries), .int(2),
        .double(0))
    }
  }

  @Test func dropoutOfProbabilityZeroEqualsTheKernel() throws {
    try compare("dropout", [[136, 20]]) { op, inputs in
      op.tensor(.tensor(inputs[0] * 2), .double(0), .tensor(boundaries))
    }
  }

  @Test func normEqualsTheKernel() throws {
    try compare("dropout_add_norm", [[136, 50], [136, 50], [50], [50]]) { op, inputs in
      op.tensor(
        .tensor(inputs[0]), .tensor(inputs[1]), .tensor(inputs[2]), .tensor(inputs[3]),
        .double(1e-12), .double(0), .tensor(boundaries))
    }
  }

  @Test func geluEqualsTheKernel() throws {
    try compare("gelu", [[136, 33]]) { op, inputs in op.tensor(.tensor(inputs[0] * 3)) }
  }

  /// Under autocast, projections return bfloat16, and hidden vectors are float32.
  @Test func normOfBFloat16IsFloat32() throws {
    let short = leaf([136, 24])
    for op in operators("dropout_add_norm") {
      let norm = op.tensor(
        .tensor(short.to(.bfloat16)), .tensor(leaf([136, 24])), .tensor(leaf([24])),
        .tensor(leaf([24])), .double(1e-12), .double(0.1), .tensor(boundaries))
      #expect(norm.dtype == .float32)
      try norm.sum().backward()
      #expect(try #require(short.grad).dtype == .float32)
    }
  }

  /// Dropout preserves the expected value, and backward drops the same elements as forward.
  @Test func backwardDropsTheSameElements() throws {
    let x = Tensor.full([400, 50], 1.0)
    x.requiresGrad = true
    let boundaries = Tensor([0, 400] as [Int64])
    for op in operators("dropout") {
      x.grad = nil
      let dropped = op.tensor(.tensor(x), .double(0.25), .tensor(boundaries))
      try dropped.sum().backward()
      #expect(difference(try #require(x.grad), dropped) == 0)
      #expect(abs(dropped.detach().sum().item / 20_000 - 1) < 0.03)
    }
  }

  @Test func dropoutChangesAttention() {
    let inputs = (0..<3).map { _ in Tensor.randn([136, 48]) }
    let outputs = [0, 0.5].map { dropout in
      Operator("lockstep::attention", "composite").tensor(
        .tensor(inputs[0]), .tensor(inputs[1]), .tensor(inputs[2]), .tensor(boundaries), .int(2),
        .double(dropout))
    }
    #expect(difference(outputs[0], outputs[1]) > 0.1)
  }

  /// A tensor on the device "meta" has no memory: the kernels would reject it.
  ///
  /// Some of libtorch's operators reject it as well. The error then names an operator of libtorch.
  @Test func otherDevicesUseTheComposites() throws {
    let rows = Operator.Argument.tensor(try withoutMemory([136, 48]))
    let size = Operator.Argument.tensor(try withoutMemory([48]))
    let ends = Operator.Argument.tensor(boundaries)
    let outputs = try catchingTorchErrors {
      [
        Operator("lockstep::dropout").tensor(rows, .double(0.1), ends),
        Operator("lockstep::gelu").tensor(rows),
      ]
    }
    for output in outputs { #expect(output.shape == [136, 48]) }
    let failing: [() -> Tensor] = [
      { Operator("lockstep::attention").tensor(rows, rows, rows, ends, .int(2), .double(0.1)) },
      {
        Operator("lockstep::dropout_add_norm")
          .tensor(rows, rows, size, size, .double(1e-12), .double(0.1), ends)
      },
    ]
    for run in failing {
      #expect {
        try catchingTorchErrors { run() }
      } throws: {
        "\($0)".contains("failed: aten::")
      }
    }
  }

  @Test func errorDescribesInvalidBoundaries() {
    let x = leaf([4, 16])
    #expect {
      try catchingTorchErrors {
        Operator("lockstep::attention", "composite").tensor(
          .tensor(x), .tensor(x), .tensor(x), .tensor(Tensor([0, 3] as [Int64])), .int(1),
          .double(0))
      }
    } throws: {
      "\($0)".contains("start at 0 and end at 4")
    }
  }

  /// The kernel and the composite.
  private func operators(_ name: String) -> [Operator] {
    ["", "composite"].map { Operator("lockstep::\(name)", $0) }
  }

  /// Compares the results and gradients of both for the same inputs.
  private func compare(
    _ name: String, _ shapes: [[Int]], _ run: (Operator, [Tensor]) -> Tensor
  ) throws {
    let inputs = shapes.map(leaf)
    var weights: Tensor?
    let results = try operators(name).map { op in
      for input in inputs { input.grad = nil }
      let output = run(op, inputs)
      let factors = weights ?? Tensor.randn(output.shape)
      weights = factors
      try (output * factors).sum().backward()
      return [output] + (try inputs.map { try #require($0.grad) })
    }
    for (kernel, composite) in zip(results[0], results[1]) {
      #expect(kernel.shape == composite.shape)
      #expect(difference(kernel, composite) < 5e-5)
    }
  }

  private func leaf(_ shape: [Int]) -> Tensor {
    let tensor = Tensor.randn(shape)
    tensor.requiresGrad = true
    return tensor
  }

  private func difference(_ a: Tensor, _ b: Tensor) -> Double {
    (a - b).detach().abs().max().item
  }

  /// Creates a tensor on the device "meta".
  private func withoutMemory(_ shape: [Int64]) throws -> Tensor {
    var op: ct_operator?
    try #require(ct_operator_find("aten::empty", "memory_format", &op) == nil)
    return try shape.withUnsafeBufferPointer { sizes in
      var arguments = [ct_value](repeating: ct_value(), count: 4)
      arguments[0].tag = CT_INT_LIST
      arguments[0].count = Int64(sizes.count)
      arguments[0].payload.integers = sizes.baseAddress
      arguments[1].tag = CT_INT
      arguments[1].payload.integer = Int64(DType.float32.rawValue)
      arguments[2].tag = CT_NONE
      arguments[3].tag = CT_DEVICE
      arguments[3].payload.device = ct_device(type: metaDevice, index: -1)
      var result = ct_value()
      var count = 1
      try #require(ct_operator_call(op, arguments, arguments.count, &result, &count) == nil)
      return Tensor(owning: result.payload.tensor)
    }
  }
}

/// The value of c10::DeviceType::Meta.
private let metaDevice: Int32 = 14
