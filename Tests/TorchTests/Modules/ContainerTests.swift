import Testing
import Torch

@Suite struct ContainerTests {
  private final class Net: Module {
    let layers = ModuleList([Linear(2, 2), Linear(2, 2)])
    let heads = ModuleDict(["b": Linear(2, 1), "a": Linear(2, 3)])
    let scales = ParameterList([Tensor.ones([2]), Tensor.ones([1])])

    func forward(_ x: Tensor) throws -> Tensor {
      var x = x
      for layer in layers { x = try layer(x * scales[0]) }
      return try heads["a"]?(x) ?? x
    }
  }

  @Test func parametersHavePyTorchsNames() {
    #expect(
      Net().namedParameters.map(\.name) == [
        "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias", "heads.b.weight",
        "heads.b.bias", "heads.a.weight", "heads.a.bias", "scales.0", "scales.1",
      ])
  }

  @Test func parametersReceiveGradients() throws {
    let net = Net()
    try net(Tensor.ones([4, 2])).sum().backward()
    #expect(net.layers[0].weight.grad != nil)
    #expect(net.scales[0].grad?.shape == [2])
    #expect(net.scales[1].grad == nil)
    #expect(net.heads["b"]?.weight.grad == nil)
  }

  @Test func descriptionIsPyTorchs() {
    let list = ModuleList<any Module<Tensor, Tensor>>([Linear(2, 2), Linear(2, 2), ReLU()])
    #expect(
      list.description == """
        ModuleList(
          (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)
          (2): ReLU()
        )
        """)
    let dictionary = ModuleDict<any Module<Tensor, Tensor>>(["b": ReLU(), "a": Linear(2, 2)])
    #expect(
      dictionary.description == """
        ModuleDict(
          (b): ReLU()
          (a): Linear(in_features=2, out_features=2, bias=True)
        )
        """)
  }

  @Test func listIsACollection() {
    let list: ModuleList = [Linear(1, 1), Linear(1, 2)]
    list.append(Linear(1, 3))
    list.append(contentsOf: [Linear(1, 4)])
    list.insert(Linear(1, 5), at: 0)
    #expect(list.map { $0.weight.shape[0] } == [5, 1, 2, 3, 4])
    list[1] = Linear(1, 6)
    #expect(list.remove(at: 0).weight.shape == [5, 1])
    #expect(list.count == 4)
    #expect(list.first?.weight.shape == [6, 1])
    #expect(list.namedParameters.first?.name == "0.weight")
  }

  @Test func dictionaryKeepsTheOrderOfItsModules() {
    let heads = ModuleDict(["z": Linear(1, 1), "a": Linear(1, 2)])
    heads["m"] = Linear(1, 3)
    heads["z"] = Linear(1, 4)
    #expect(heads.keys == ["z", "a", "m"])
    #expect(heads.values.map { $0.weight.shape[0] } == [4, 2, 3])
    heads["a"] = nil
    #expect(heads.map(\.key) == ["z", "m"])
    #expect(heads["a"] == nil)
    #expect(heads.count == 2)
  }

  @Test func tensorsOfAParameterListBecomeParameters() {
    let constant = Tensor.ones([2])
    let list: ParameterList = [constant]
    #expect(constant.requiresGrad)
    list.append(Tensor.zeros([1]))
    list[0] = Tensor.zeros([3])
    #expect(list.parameters.map(\.shape) == [[3], [1]])
  }

  @Test func nameWithAPeriodStopsTheProcess() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        ModuleDict(["a": ReLU()])["b.c"] = ReLU()
      }, stopsWith: "'b.c' cannot be the name of a module")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = ModuleDict(["": ReLU()])
      }, stopsWith: "'' cannot be the name of a module")
  }
}
