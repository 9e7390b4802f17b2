import Testing
import Torch

/// A model with every kind of property that reflection finds: named, buffer, array and shared.
private final class Sample: Module {
  @Named("LayerNorm") var norm = LayerNorm(3)
  let layer = [Linear(3, 3), Linear(3, 3, bias: false)]
  let scale: Tensor
  @Buffer var runningMean = Tensor.zeros([3])
  let tied: Linear
  let dropout = Dropout(0.5)

  init() {
    scale = Tensor.full([3], 1.0)
    scale.requiresGrad = true
    tied = layer[0]
  }

  func forward(_ x: Tensor) throws -> Tensor { try norm(dropout(layer[1](layer[0](x)) * scale)) }
}

@Suite struct ModuleTests {
  @Test func namesFollowThePropertiesOwnTensorsFirst() {
    let names = Sample().namedParameters.map(\.name)
    #expect(
      names == [
        "scale", "LayerNorm.weight", "LayerNorm.bias", "layer.0.weight", "layer.0.bias",
        "layer.1.weight",
      ])
  }

  @Test func sharedParametersAreGivenOnceButSavedUnderEachName() {
    let model = Sample()
    #expect(model.parameters.count == 6)
    #expect(model.stateDict.count == 9)
    #expect(model.stateDict["tied.weight"]?.isSame(as: model.layer[0].weight) == true)
  }

  @Test func buffersAreNotParameters() {
    #expect(Sample().namedBuffers.map(\.name) == ["runningMean"])
  }

  @Test func aStateDictCopiesOneModelToAnother() throws {
    let first = Sample()
    let second = Sample()
    #expect(first.stateDict.fingerprint != second.stateDict.fingerprint)
    let report = try second.loadStateDict(first.stateDict)
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
    #expect(first.stateDict.fingerprint == second.stateDict.fingerprint)
  }

  @Test func wrongShapesAreNamedAndNothingIsCopied() {
    let model = Sample()
    let before = model.stateDict.fingerprint
    var state = Sample().stateDict
    state["layer.1.weight"] = Tensor.zeros([3, 4])
    #expect { try model.loadStateDict(state) } throws: { error in
      (error as? TorchError)?.code == .mismatch && "\(error)".contains("'layer.1.weight'")
        && "\(error)".contains("[3, 4]") && "\(error)".contains("[3, 3]")
    }
    #expect(model.stateDict.fingerprint == before)
  }

  @Test func missingAndUnexpectedNamesAreReported() throws {
    var state = Sample().stateDict
    state["scale"] = nil
    state["other"] = Tensor.zeros([1])
    #expect(
      try Sample().loadStateDict(state)
        == LoadReport(missingKeys: ["scale"], unexpectedKeys: ["other"]))
  }

  @Test func evaluationSwitchesDropoutOff() throws {
    let model = Sample()
    model.eval()
    let x = Tensor.randn([2, 3])
    #expect(try model(x).array(of: Float.self) == model(x).array(of: Float.self))
    #expect(!model.dropout.isTraining)
    model.train()
    #expect(model.dropout.isTraining)
  }

  @Test func oneChangedBitChangesTheFingerprint() {
    let state: StateDict = ["a": Tensor.zeros([1000])]
    let other: StateDict = ["a": Tensor.zeros([1000])]
    #expect(state.fingerprint == other.fingerprint)
    other["a"]?.narrow(dim: 0, start: 999, length: 1).copy_(Tensor([-0.0] as [Float]))
    #expect(state.fingerprint != other.fingerprint)
    #expect(state.fingerprint != ["b": Tensor.zeros([1000])].fingerprint)
    #expect(state.fingerprint != ["a": Tensor.zeros([10, 100])].fingerprint)
  }
}
