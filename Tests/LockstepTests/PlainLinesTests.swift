import Lockstep
import Testing

/// Ordinary lines of PyTorch programs, one by one, with the one import and no raw operator.
@Suite struct PlainLinesTests {
  private let x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]])

  private func expect(_ tensor: Tensor, _ values: [Float], _ shape: [Int]? = nil) {
    #expect(tensor.to(.float32).array(of: Float.self) == values)
    if let shape { #expect(tensor.shape == shape) }
  }

  @Test func arithmeticAndComparison() {
    expect(-x, [-1, -2, -3, -4, -5, -6.5])
    expect(x - 1.0, [0, 1, 2, 3, 4, 5.5])
    expect(2.0 * x, [2, 4, 6, 8, 10, 13])
    expect(1 - x, [0, -1, -2, -3, -4, -5.5])
    expect(x + 1, [2, 3, 4, 5, 6, 7.5])
    expect(x ** 2, [1, 4, 9, 16, 25, 42.25])
    expect(x.pow(2), [1, 4, 9, 16, 25, 42.25])
    expect(x .> 4, [0, 0, 0, 0, 1, 1])
    expect(x .== x, [1, 1, 1, 1, 1, 1])
    var sum = x
    sum += x
    expect(sum, [2, 4, 6, 8, 10, 13])
    expect(x, [1, 2, 3, 4, 5, 6.5])
  }

  @Test func functionsOfElements() {
    #expect((x.exp().log() - x).abs().max().item < 1e-6)
    expect(x.sqrt()[0, 0], [1], [])
    #expect(x.sigmoid().dtype == .float32)
    expect(x.clone(), [1, 2, 3, 4, 5, 6.5], [2, 3])
    expect(x.detach(), [1, 2, 3, 4, 5, 6.5], [2, 3])
  }

  @Test func reductions() {
    expect(x.mean(dim: [1]), [2, 15.5 / 3], [2])
    expect(x.mean(dim: 0), [2.5, 3.5, 4.75], [3])
    expect(x.min(), [1], [])
    expect(x.max(dim: 1).values, [3, 6.5])
    expect(x.max(dim: 1).indices, [2, 2])
    expect(x.argmax(dim: 1), [2, 2])
    expect(x.topk(2).values, [3, 2, 6.5, 5], [2, 2])
    expect(x.cumsum(dim: 0), [1, 2, 3, 5, 7, 9.5])
    #expect(x.sum().item == 21.5)
    #expect(abs(x.std().item - 2.0103897) < 1e-6)
  }

  @Test func shapes() {
    expect(x[0], [1, 2, 3], [3])
    expect(x.t(), [1, 4, 2, 5, 3, 6.5], [3, 2])
    expect(x.view([3, 2]), [1, 2, 3, 4, 5, 6.5], [3, 2])
    expect(x[.newAxis].squeeze(), [1, 2, 3, 4, 5, 6.5], [2, 3])
    #expect(x.shape.count == 2 && x.size(0) == 2 && x.size(-1) == 3)
    expect(Tensor.cat([x, x]), [1, 2, 3, 4, 5, 6.5, 1, 2, 3, 4, 5, 6.5], [4, 3])
    #expect(Tensor.stack([x, x]).shape == [2, 2, 3])
  }

  @Test func creation() {
    expect(Tensor.zeros([2, 2]), [0, 0, 0, 0], [2, 2])
    expect(Tensor.ones([2, 2]), [1, 1, 1, 1], [2, 2])
    expect(Tensor([[1.0, 2.0], [3.0, 4.0]]), [1, 2, 3, 4], [2, 2])
    expect(Tensor.arange(4), [0, 1, 2, 3])
    #expect(Tensor.arange(4).dtype == .int64)
    #expect(Tensor.randn([2, 3]).shape == [2, 3])
    #expect(x.to(.float64).dtype == .float64)
    #expect(x.to(Device.cpu) === x)
  }

  @Test func modulesAndLosses() throws {
    let model = Sequential(Linear(3, 4), ReLU(), Linear(4, 2))
    #expect(try model(x).shape == [2, 2])
    #expect(try Conv2d(1, 2, kernelSize: 3)(Tensor.randn([1, 1, 5, 5])).shape == [1, 2, 3, 3])
    #expect(Conv2d(1, 2, kernelSize: 3, bias: false).parameters.count == 1)
    let (output, state) = try LSTM(3, 4)(Tensor.randn([5, 2, 3]))
    #expect(output.shape == [5, 2, 4] && state.hidden.shape == [1, 2, 4])
    let attended = try MultiheadAttention(4, 2)(output, output, output)
    #expect(attended.output.shape == [5, 2, 4])

    let targets = Tensor([2, 0])
    #expect(crossEntropy(x, targets, labelSmoothing: 0.1).shape == [])
    #expect(huberLoss(x, x).item == 0)
    #expect(binaryCrossEntropy(x.sigmoid(), x.sigmoid()).item > 0)
    expect(noGrad { x * 2 }, [2, 4, 6, 8, 10, 13])
  }

  @Test func optimizersTakeASteps() throws {
    func trained(_ make: ([Tensor]) -> any Optimizer) throws -> Bool {
      let model = Linear(3, 2)
      let before = model.weight.clone()
      let optimizer = make(model.parameters)
      try mseLoss(model(x), Tensor.zeros([2, 2])).backward()
      try optimizer.step()
      optimizer.zeroGrad()
      return !model.weight.equal(before)
    }
    #expect(try trained { SGD($0, learningRate: 0.1) })
    #expect(
      try trained {
        SGD($0, learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4, nesterov: true)
      })
    #expect(try trained { Adam($0, learningRate: 0.1) })
    #expect(try trained { AdamW($0, learningRate: 0.1) })
  }
}
