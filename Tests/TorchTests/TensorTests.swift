import Testing
import Torch

@Suite struct TensorTests {
  @Test func maxPoolingReturnsTheLargestOfEachWindow() {
    let image = Tensor((0..<20).map { Float($0 * 7 % 20) }, shape: [1, 1, 4, 5])
    let pooled = image.maxPool2d(2)
    #expect(pooled.shape == [1, 1, 2, 2])
    #expect(pooled.array(of: Float.self) == [15, 16, 17, 19])
  }

  @Test func tensorHasTheRequestedShapeTypeAndDevice() {
    let tensor = Tensor.zeros([2, 3, 4], dtype: .int32)
    #expect(tensor.shape == [2, 3, 4])
    #expect(tensor.strides == [12, 4, 1])
    #expect(tensor.dtype == .int32)
    #expect(tensor.device == .cpu)
    #expect(tensor.count == 24)
    #expect(tensor.byteCount == 96)
    #expect(tensor.summary == "int32[2, 3, 4] cpu")
  }

  @Test func valuesRoundTrip() {
    let values: [Float] = [1, -2.5, .infinity, 0, 4, 5]
    #expect(Tensor(values, shape: [2, 3]).array(of: Float.self) == values)
    #expect(Tensor([Int64.min, 7, .max]).array(of: Int64.self) == [Int64.min, 7, .max])
    #expect(Tensor([true, false]).array(of: Bool.self) == [true, false])
    #expect(Tensor(3.5).item == 3.5)
  }

  @Test func transposedElementsAreReadInRowMajorOrder() {
    let tensor = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]).transpose(0, 1)
    #expect(!tensor.isContiguous)
    #expect(tensor.array(of: Float.self) == [1, 4, 2, 5, 3, 6])
  }

  @Test func viewsShareMemory() {
    let tensor = Tensor.zeros([4])
    tensor.narrow(dim: 0, start: 1, length: 2).copy_(Tensor([5, 6] as [Float]))
    #expect(tensor.array(of: Float.self) == [0, 5, 6, 0])
  }

  @Test func externalMemoryIsReleasedWithTheLastTensor() {
    final class Owner {
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: 3)
      deinit { memory.deallocate() }
    }
    weak var observed: Owner?
    do {
      let owner = Owner()
      observed = owner
      for index in 0..<3 { owner.memory[index] = Float(index) }
      let tensor = Tensor(memory: owner.memory, shape: [3], dtype: .float32, owner: owner)
      #expect(tensor.dataAddress == UnsafeMutableRawPointer(owner.memory))
      #expect(tensor.array(of: Float.self) == [0, 1, 2])
    }
    #expect(observed == nil)
  }

  @Test func equalComparesElements() {
    let scores = Tensor([0.1, 0.9, 0.8, 0.2] as [Float], shape: [2, 2])
    let hits = scores.argmax(dim: 1).eq(Tensor([1, 1] as [Int64]))
    #expect(hits.array(of: Bool.self) == [true, false])
  }

  @Test func equalSeedsDrawEqualValues() {
    manualSeed(7)
    let first = Tensor.randn([5]).array(of: Float.self)
    manualSeed(7)
    #expect(Tensor.randn([5]).array(of: Float.self) == first)
    #expect(Tensor.randn([5]).array(of: Float.self) != first)
  }

  /// Values of `torch.manual_seed(0); torch.randn(3)` in PyTorch 2.13.
  @Test func seedZeroDrawsTheValuesOfPyTorch() {
    manualSeed(0)
    let drawn = Tensor.randn([3]).array(of: Float.self)
    #expect(drawn == [1.5409961, -0.2934289, -2.1787894])
  }

  @Test(arguments: ["cpu", "cuda:-1", "cuda:x", "tpu", "", "cuda:0:1"])
  func onlyKnownDevicesAreParsed(text: String) throws {
    if text == "cpu" {
      #expect(try Device(parsing: text) == .cpu)
    } else {
      #expect { try Device(parsing: text) } throws: { error in
        (error as? TorchError)?.code == .invalidArgument && "\(error)".contains("'\(text)'")
      }
    }
  }
}
