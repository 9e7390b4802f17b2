import Testing
import Torch

@Suite struct ModuleHookTests {
  private final class Double: Module {
    func forward(_ x: Tensor) -> Tensor { x * 2 }
  }
  private let x = Tensor([1, 2] as [Float])

  @Test func hooksSeeAndReplaceInputAndOutput() throws {
    let module = Double()
    var seen: [[Float]] = []
    let pre = module.registerForwardPreHook { _, input in input + 10 }
    let post = module.registerForwardHook { module, input, output in
      seen += [input.array(), output.array()]
      #expect(module === module)
      return output + 1
    }
    module.registerForwardHook { _, _, output in
      seen.append(output.array())
      return nil
    }
    #expect(try module(x).array(of: Float.self) == [23, 25])
    #expect(seen == [[11, 12], [22, 24], [23, 25]])
    pre.remove()
    post.remove()
    post.remove()
    #expect(try module(x).array(of: Float.self) == [2, 4])
    #expect(seen.count == 4)
    // Another module has no hooks.
    #expect(try Double()(x).array(of: Float.self) == [2, 4])
    #expect(seen.count == 4)
  }

  @Test func errorOfAHookIsThrown() {
    struct Stop: Error {}
    let module = Double()
    module.registerForwardHook { _, _, _ in throw Stop() }
    #expect(throws: Stop.self) { try module(x) }
  }

  /// A hook may be added through a module of unknown type, as from `modules`.
  @Test func hooksOfAllModulesOfAModel() throws {
    func observe(_ module: some Module, _ body: @escaping (String) -> Void) {
      module.registerForwardHook { module, _, _ in
        body("\(type(of: module))")
        return nil
      }
    }
    let model = TransformerEncoderLayer(dModel: 4, nhead: 2, dimFeedforward: 8, batchFirst: true)
    var calls: [String] = []
    for module in model.modules { observe(module) { calls.append($0) } }
    _ = try model(Tensor.randn([1, 3, 4]))
    #expect(
      calls == [
        "Linear", "MultiheadAttention", "Dropout", "LayerNorm", "Linear", "Dropout", "Linear",
        "Dropout", "LayerNorm", "TransformerEncoderLayer",
      ])
  }

  /// y = 2 x: a gradient of 1 becomes 2, and half of it with the hook.
  @Test func backwardHookSeesAndReplacesGradients() throws {
    let module = Double()
    x.requiresGrad = true
    var seen: [[Float]?] = []
    let handle = module.registerFullBackwardHook { _, gradInput, gradOutput in
      seen += (gradInput + gradOutput).map { $0?.array() }
      return gradInput.map { $0.map { $0 * 0.5 } }
    }
    // The input is used elsewhere, too, which the hook does not see.
    try (module(x) + x).sum().backward()
    #expect(seen == [[2, 2], [1, 1]])
    #expect(x.grad?.array(of: Float.self) == [2, 2])
    handle.remove()
    x.grad = nil
    try module(x).sum().backward()
    #expect(x.grad?.array(of: Float.self) == [2, 2])
    #expect(seen.count == 2)
  }

  @Test func backwardHookWithoutInputGradients() throws {
    let layer = Linear(2, 1)
    var calls = 0
    layer.registerFullBackwardHook { _, gradInput, gradOutput in
      calls += 1
      #expect(gradInput.count == 1 && gradInput[0] == nil)
      #expect(gradOutput[0]?.array(of: Float.self) == [3])
      return nil
    }
    try (layer(Tensor.ones([1, 2])) * 3).sum().backward()
    #expect(calls == 1)
    _ = try noGrad { try layer(Tensor.ones([1, 2])) }
    #expect(calls == 1)
  }

  /// The input is a struct of tensors, and the output a tuple.
  @Test func backwardHookOfAModuleOfSeveralInputs() throws {
    let attention = MultiheadAttention(4, 2)
    let query = Tensor.randn([3, 1, 4])
    let key = Tensor.randn([2, 1, 4])
    key.requiresGrad = true
    var shapes: [[Int]?] = []
    attention.registerFullBackwardHook { _, gradInput, gradOutput in
      shapes = (gradInput + gradOutput).map { $0?.shape }
      return nil
    }
    try attention(query, key, key).output.sum().backward()
    #expect(shapes == [nil, [2, 1, 4], [2, 1, 4], [3, 1, 4], nil])
    let packed = packSequence([Tensor.randn([3, 2])])
    packed.data.requiresGrad = true
    let network = GRU(2, 4)
    network.registerFullBackwardHook { _, gradInput, gradOutput in
      shapes = (gradInput + gradOutput).map { $0?.shape }
      return nil
    }
    try network(packed).output.data.sum().backward()
    #expect(shapes == [[3, 2], [3, 4], nil])
    #expect(packed.data.grad?.shape == [3, 2])
  }

  @Test func hookWithTooFewGradientsIsAnError() throws {
    let module = Double()
    x.requiresGrad = true
    module.registerFullBackwardHook { _, _, _ in [] }
    let error = #expect(throws: TorchError.self) { try module(x).sum().backward() }
    #expect(error?.message.contains("returned 0 gradients, but the input has 1") == true)
  }
}
