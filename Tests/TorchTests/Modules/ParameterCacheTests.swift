import Testing
import Torch

/// The kept result of the search is that of a new search, whatever changed in between.
@Suite struct ParameterCacheTests {
  private final class Block: Module {
    var linear: Linear
    var extra: Tensor
    let steps = 0
    init(_ size: Int) {
      linear = Linear(size, size)
      extra = Tensor.zeros([size])
    }
    func forward(_ x: Tensor) throws -> Tensor { try linear(x) }
  }

  private final class Model: Module {
    var blocks = (0..<4).map { Block($0 + 1) }
    var named = ["a": Block(1), "b": Block(2)]
    var optional: Block?
    var head: any Module<Tensor, Tensor> = Block(3)
    var pair = (Block(1), second: Block(2))
    @Named("renamed") var other = Block(5)
    @Buffer var mean: Tensor? = nil
    func forward(_ x: Tensor) -> Tensor { x }
  }

  /// Asks twice, so that the second answer is a kept one, and compares with the state.
  private func check(_ model: Model, _ comment: Comment) {
    for _ in 0..<2 {
      let parameters = model.namedParameters
      let state = model.stateDict
      let buffers = model.namedBuffers.map(\.name)
      let names = state.keys.filter { !buffers.contains($0) }
      #expect(parameters.map(\.name).sorted() == names.sorted(), comment)
      for (name, tensor) in parameters { #expect(state[name] === tensor, comment) }
      #expect(zip(model.parameters, parameters).allSatisfy { $0 === $1.tensor }, comment)
      #expect(model.parameters.count == parameters.count, comment)
    }
  }

  @Test func answerFollowsEveryChange() {
    let model = Model()
    check(model, "at first")
    #expect(model.parameters.count == 20)
    model.blocks[1].linear = Linear(7, 7)
    check(model, "another module in a property")
    model.blocks[2] = Block(9)
    check(model, "another element of an array, in place")
    model.blocks.append(Block(2))
    check(model, "one more element")
    #expect(model.parameters.count == 22)
    model.blocks.swapAt(0, 1)
    check(model, "a swap")
    model.named["b"] = Block(4)
    check(model, "another value of a dictionary")
    let moved = model.named.removeValue(forKey: "a")
    model.named["c"] = moved
    check(model, "another key of a dictionary")
    #expect(model.namedParameters.contains { $0.name == "named.c.linear.bias" })
    model.optional = Block(1)
    check(model, "an optional")
    model.head = Linear(3, 1)
    check(model, "another type")
    model.pair.second = Block(6)
    check(model, "a part of a tuple")
    model.other = Block(6)
    check(model, "a named property")
    model.mean = Tensor.zeros([1])
    check(model, "a buffer")
    #expect(model.namedBuffers.map(\.name) == ["mean"])
    model.blocks[0].extra.requiresGrad = true
    check(model, "a gradient for a constant")
    #expect(model.namedParameters.contains { $0.name == "blocks.0.extra" })
    model.freeze()
    check(model, "frozen")
    model.blocks[3].linear = model.blocks[2].linear
    let names = model.namedParameters.map(\.name)
    #expect(!names.contains("blocks.3.linear.weight") && names.contains("blocks.2.linear.weight"))
  }

  /// Released modules may give their addresses to new ones.
  @Test func answerIsRightForModulesInReusedMemory() {
    for size in 1..<200 {
      let model = Model()
      model.blocks = (0..<6).map { _ in Block(size) }
      #expect(model.parameters.count == 24)
      #expect(model.parameters[0].shape == [size, size])
      for index in 0..<6 { model.blocks[index] = Block(size + 1) }
      #expect(model.parameters[10].shape == [size + 1, size + 1])
    }
  }

  @Test func nothingIsKeptAlive() {
    weak var block: Block?
    do {
      let model = Model()
      block = model.blocks[0]
      #expect(model.parameters.count == 20)
    }
    #expect(block == nil)
  }
}
