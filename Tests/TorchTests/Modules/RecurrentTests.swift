import Testing
import Torch

@Suite struct RecurrentTests {
  /// h = tanh(x + h / 2), step by step.
  @Test func networkOfOneUnitIsComputedStepByStep() throws {
    let network = RNN(1, 1, bias: false)
    noGrad {
      network.allWeights[0][0].fill_(1)
      network.allWeights[0][1].fill_(0.5)
    }
    let (output, hidden) = try network(Tensor([0.5, -1] as [Float], shape: [2, 1]))
    let first = Tensor([0.5] as [Float]).tanh().item
    let second = Tensor([Float(-1 + first / 2)]).tanh().item
    #expect(output.shape == [2, 1] && hidden.shape == [1, 1])
    #expect(abs(output[0].item - first) < 1e-6)
    #expect(abs(output[1].item - second) < 1e-6 && hidden.item == output[1].item)
  }

  @Test func namesAreThoseOfPyTorch() {
    let network = LSTM(2, 3, numLayers: 2, bidirectional: true, projSize: 1)
    let names = network.namedParameters.map(\.name)
    #expect(names.count == 20)
    #expect(
      names[..<6] == [
        "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0", "weight_hr_l0",
        "weight_ih_l0_reverse",
      ])
    #expect(names.last == "weight_hr_l1_reverse")
    #expect(
      GRUCell(2, 3).namedParameters.map(\.name)
        == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"])
  }

  /// Sequences of lengths 2, 4 and 3, which are not sorted, alone and packed.
  @Test func packedSequencesAreReadAsIfAlone() throws {
    manualSeed(3)
    let network = GRU(3, 4, bidirectional: true)
    let sequences = [2, 4, 3].map { Tensor.randn([$0, 3]) }
    let packed = packSequence(sequences, enforceSorted: false)
    #expect(packed.batchSizes.array(of: Int64.self) == [3, 3, 2, 1])
    let (output, hidden) = try network(packed)
    for (index, (sequence, read)) in zip(sequences, unpackSequence(output)).enumerated() {
      let (alone, state) = try network(sequence)
      #expect(read.shape == alone.shape)
      #expect((read - alone).abs().max().item < 1e-6)
      #expect((hidden.select(dim: 1, index: index) - state).abs().max().item < 1e-6)
    }
  }

  @Test func paddingAndPackingAreInverse() {
    let sequences = [1, 3].map { Tensor(Array(repeating: Float($0), count: $0)) }
    let padded = padSequence(sequences, batchFirst: true, paddingValue: -1)
    #expect(padded.array(of: Float.self) == [1, -1, -1, 3, 3, 3])
    let left = padSequence(sequences, batchFirst: true, paddingSide: .left)
    #expect(left.array(of: Float.self) == [0, 0, 1, 3, 3, 3])
    let packed = packPaddedSequence(padded, [1, 3], batchFirst: true, enforceSorted: false)
    #expect(packed.data.array(of: Float.self) == [3, 1, 3, 3])
    let (output, lengths) = padPackedSequence(packed, batchFirst: true, totalLength: 4)
    #expect(output.array(of: Float.self) == [1, 0, 0, 0, 3, 3, 3, 0])
    #expect(lengths.array(of: Int64.self) == [1, 3])
    let cut = unpadSequence(output, lengths, batchFirst: true)
    #expect(cut.map { $0.array(of: Float.self) } == [[1], [3, 3, 3]])
  }

  @Test func wrongInputsAreRefused() {
    let network = LSTM(2, 3)
    let x = Tensor.zeros([5, 4, 2])
    let inputs: [(LSTM.Input, String)] = [
      (.init(.padded(Tensor.zeros([5, 4, 3]))), "inputSize 2"),
      (.init(.padded(Tensor.zeros([2]))), "has shape [2]"),
      (
        .init(.padded(x), hx: (Tensor.zeros([1, 5, 3]), Tensor.zeros([1, 4, 3]))),
        "needs [1, 4, 3]"
      ),
    ]
    for (input, text) in inputs {
      let error = #expect(throws: TorchError.self) {
        try catchingTorchErrors { _ = try network(input) }
      }
      #expect(error?.message.contains(text) == true)
    }
  }
}
