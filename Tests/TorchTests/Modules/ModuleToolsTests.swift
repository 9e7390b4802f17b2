import Testing
import Torch

/// Two branches that share a layer.
private final class Branches: Module {
  let left = Linear(2, 3)
  let shared = Linear(3, 3, bias: false)
  let right = [Linear(2, 3), Linear(3, 3)]
  let dropout = Dropout(0.5)

  func forward(_ x: Tensor) throws -> Tensor {
    try shared(left(x)) + dropout(right[1](right[0](x)))
  }
}

@Suite struct ModuleToolsTests {
  /// A closure that draws random numbers has to see the modules in PyTorch's order.
  @Test func applyVisitsSubmodulesFirst() {
    final class Inner: Module {
      let linear = Linear(1, 1)
      func forward(_ x: Tensor) -> Tensor { x }
    }
    final class Outer: Module {
      let inner = Inner()
      let twice: [any Module]
      init() { twice = [inner, inner, Dropout(0)] }
      func forward(_ x: Tensor) -> Tensor { x }
    }
    var types: [String] = []
    let model = Outer()
    #expect(model.apply { types.append("\(type(of: $0))") } === model)
    #expect(types == ["Linear", "Inner", "Dropout", "Outer"])
  }

  @Test func parametersAreChosenByName() {
    let model = Branches()
    let biases = model.parameters { $0.hasSuffix("bias") }
    #expect(biases.map(\.shape) == [[3], [3], [3]])
    #expect(model.parameters { $0 == "shared.weight" }.first === model.shared.weight)
  }

  @Test func frozenParametersReceiveNoGradient() throws {
    let model = Branches()
    try model(Tensor.ones([4, 2])).sum().backward()
    #expect(model.freeze { $0.hasPrefix("right.") }.count == 4)
    #expect(model.right[0].weight.grad == nil && model.left.weight.grad != nil)
    model.zeroGrad()
    try model(Tensor.ones([4, 2])).sum().backward()
    for (name, parameter) in model.namedParameters {
      #expect((parameter.grad == nil) == name.hasPrefix("right."))
    }
    // Frozen parameters are saved all the same.
    #expect(model.stateDict.keys.contains("right.1.bias"))
    let biases = model.unfreeze { $0.hasSuffix("bias") }
    #expect(biases == ["left.bias", "right.0.bias", "right.1.bias"])
    #expect(model.right[0].bias?.requiresGrad == true && !model.right[0].weight.requiresGrad)
    #expect(model.freeze { $0 == "absent" }.isEmpty)
  }

  @Test func summaryHasShapesAndCounts() throws {
    let model = Branches()
    model.freeze { $0 == "shared.weight" }
    model.dropout.isTraining = false
    let rows = try model.summary(Tensor.zeros([4, 2])).rows
    #expect(rows.map(\.name) == ["", "left", "shared", "right.0", "right.1", "dropout"])
    #expect(rows.map(\.type) == ["Branches", "Linear", "Linear", "Linear", "Linear", "Dropout"])
    #expect(rows.allSatisfy { $0.outputShapes == [[4, 3]] })
    #expect(rows.map(\.parameterCount) == [39, 9, 9, 9, 12, 0])
    #expect(rows.map(\.trainedCount) == [30, 9, 0, 9, 12, 0])
    // Each module is in its mode again.
    #expect(!model.dropout.isTraining)
    model.train()
    _ = try model.summary(Tensor.zeros([4, 2]))
    #expect(model.dropout.isTraining)
    #expect(
      model.summary().description.split(separator: "\n")[..<3] == [
        "module              parameters  trained",
        "Branches                    39       30",
        "  left  Linear               9        9",
      ])
  }

  /// The embedding and the head share one tensor.
  @Test func tiedWeightsAreTrainedOnceAndSavedTwice() throws {
    final class Model: Module {
      let embedding = Embedding(5, 2)
      let head = Linear(2, 5, bias: false)
      init() { embedding.weight = head.weight }
      func forward(_ indices: Tensor) throws -> Tensor { try head(embedding(indices)) }
    }
    let model = Model()
    #expect(model.namedParameters.map(\.name) == ["embedding.weight"])
    #expect(model.stateDict.keys.sorted() == ["embedding.weight", "head.weight"])
    try model(Tensor([1] as [Int64])).sum().backward()
    let gradient = try #require(model.head.weight.grad)
    #expect(model.embedding.weight === model.head.weight)
    // The rows of the head receive the vector; row 1 also what flows to the vector.
    let weight = model.head.weight
    let expected = weight[1] + weight.sum(dim: 0)
    #expect((gradient[1] - expected).abs().max().item < 1e-6)
    #expect((gradient[0] - weight[1]).abs().max().item < 1e-6)
  }
}
