import Testing
import Torch

/// Values of the kinds that an encoding as JSON could change.
private struct Values: Codable, Equatable {
  var fractions: [Double]
  var floats: [Float]
  var numbers: [Int64]
  var big: UInt64
  var text: String
  var nested: [String: [Bool?]]
}

@Suite struct StateTests {
  @Test func smallValuesRoundTripBitForBit() throws {
    var fractions: [Double] = [
      0, -0.0, 0.1, 1, -3, 1e300, .leastNonzeroMagnitude, .pi, .infinity, -.infinity,
      .greatestFiniteMagnitude,
      9_007_199_254_740_992, 1e19, -1e19, 123_456_789.123_456_789,
    ]
    var bits: UInt64 = 88_172_645_463_325_252
    for _ in 0..<2000 {
      bits ^= bits << 13
      bits ^= bits >> 7
      bits ^= bits << 17
      let value = Double(bitPattern: bits)
      if value.isFinite { fractions.append(value) }
    }
    let values = Values(
      fractions: fractions, floats: [0.1, -0.0, .leastNonzeroMagnitude], numbers: [.min, .max, 0],
      big: .max, text: "a\"\\\u{1F600}\n", nested: ["x": [true, nil, false]])
    var state = State()
    try state.set(values, for: "values")
    let back = try state.value("values", as: Values.self)
    #expect(back == values)
    #expect(back.fractions.map(\.bitPattern) == fractions.map(\.bitPattern))
    #expect(back.floats.map(\.bitPattern) == values.floats.map(\.bitPattern))

    try state.set(Double.nan, for: "nan")
    #expect(try state.value("nan", as: Double.self).isNaN)
  }

  @Test func absentAndWrongValuesAreNamed() throws {
    var state = State()
    try state.set("text", for: "kind")
    #expect { try state.value("steps", as: Int.self) } throws: {
      ($0 as? TorchError)?.code == .mismatch && "\($0)".contains("no value 'steps'")
    }
    #expect { try state.value("kind", as: Int.self) } throws: {
      ($0 as? TorchError)?.code == .mismatch && "\($0)".contains("'kind'")
    }
  }

  @Test func aModelsStateNamesTheFirstDifference() throws {
    let saved = try Linear(3, 2).captureState()
    func expect(_ state: State, _ reason: String) {
      let model = Linear(3, 2)
      let before = model.stateDict.fingerprint
      #expect { try model.restoreState(state) } throws: {
        ($0 as? TorchError)?.code == .mismatch && "\($0)".contains(reason)
      }
      #expect(model.stateDict.fingerprint == before)
    }
    expect(
      try Linear(4, 2).captureState(),
      "'weight' was saved as float32[2, 4], but this model needs float32[2, 3]")
    var less = saved
    less.tensors["bias"] = nil
    expect(less, "this model needs 'bias', float32[2], but it was not saved")
    var more = saved
    more.tensors["gamma"] = Tensor.zeros([1])
    expect(more, "'gamma', float32[1], was saved, but this model has no such tensor")
    var double = saved
    double.tensors["bias"] = Tensor.zeros([2], dtype: .float64)
    expect(double, "'bias' was saved as float64[2]")

    let model = Linear(3, 2)
    try model.restoreState(saved)
    #expect(model.stateDict.fingerprint == saved.tensors.fingerprint)
  }

  @Test func aStatefulValueIsRestored() throws {
    let losses = StatefulValue([0.5, 0.25])
    let state = try losses.captureState()
    losses.value = []
    try losses.restoreState(state)
    #expect(losses.value == [0.5, 0.25])
    #expect(throws: TorchError.self) { try StatefulValue("text").restoreState(state) }
  }
}
