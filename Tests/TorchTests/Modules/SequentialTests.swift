import Testing
import Torch

@Suite struct SequentialTests {
  private let model = Sequential {
    Linear(2, 3)
    ReLU()
    Sequential {
      Linear(3, 1, bias: false)
    }
  }

  @Test func outputIsThatOfTheModulesInOrder() throws {
    let x = Tensor([1, -2, 0.5, 3] as [Float], shape: [2, 2])
    let inner = try #require(model[2] as? Sequential)
    let expected = try inner[0](try model[0](x).relu())
    #expect(try model(x).array(of: Float.self) == expected.array(of: Float.self))
    #expect(try model(x).shape == [2, 1])
  }

  @Test func parametersHavePyTorchsNames() {
    #expect(model.namedParameters.map(\.name) == ["0.weight", "0.bias", "2.0.weight"])
    #expect(Sequential().namedParameters.isEmpty)
  }

  @Test func namesAreThoseOfTheProperty() {
    final class Net: Module {
      let body = Sequential(Linear(2, 3), Tanh(), Linear(3, 1))
      func forward(_ x: Tensor) throws -> Tensor { try body(x) }
    }
    #expect(
      Net().namedParameters.map(\.name) == [
        "body.0.weight", "body.0.bias", "body.2.weight", "body.2.bias",
      ])
  }

  @Test func descriptionIsPyTorchs() {
    #expect(
      model.description == """
        Sequential(
          (0): Linear(in_features=2, out_features=3, bias=True)
          (1): ReLU()
          (2): Sequential(
            (0): Linear(in_features=3, out_features=1, bias=False)
          )
        )
        """)
    #expect(Sequential().description == "Sequential()")
  }

  @Test(arguments: [0.0, 0.5]) func statementsSelectModules(_ dropout: Double) {
    let hidden = [4, 5]
    let model = Sequential {
      Flatten()
      for size in hidden {
        Linear(size - 1, size)
        ReLU()
      }
      if dropout > 0 { Dropout(dropout) }
      if hidden.isEmpty { Identity() } else { Linear(5, 2) }
    }
    let types = model.map { "\(type(of: $0))" }
    let dropouts = dropout > 0 ? ["Dropout"] : []
    #expect(types == ["Flatten", "Linear", "ReLU", "Linear", "ReLU"] + dropouts + ["Linear"])
  }

  @Test func modulesAreReplacedAppendedInsertedAndRemoved() {
    let model = Sequential(Linear(2, 3), ReLU(), Linear(3, 1))
    model[1] = Tanh()
    #expect(model[-2] is Tanh)
    model.append(Sigmoid())
    model.insert(Dropout(0.1), at: 1)
    #expect(model.count == 5)
    #expect(
      model.namedParameters.map(\.name) == ["0.weight", "0.bias", "3.weight", "3.bias"])
    #expect(model.remove(at: -1) is Sigmoid)
    #expect(model.remove(at: 0) is Linear)
    #expect(model.namedParameters.map(\.name) == ["2.weight", "2.bias"])
  }

  @Test func partSharesItsModules() throws {
    let part = model[1...]
    #expect(part.count == 2)
    #expect(part.namedParameters.map(\.name) == ["1.0.weight"])
    #expect(part.parameters[0] === model.parameters[2])
    #expect(model[..<1].namedParameters.map(\.name) == ["0.weight", "0.bias"])
  }

  @Test func modulesMayHaveNames() throws {
    let model = Sequential(["hidden": Linear(2, 3), "activation": ReLU(), "head": Linear(3, 1)])
    #expect(
      model.namedParameters.map(\.name) == [
        "hidden.weight", "hidden.bias", "head.weight", "head.bias",
      ])
    #expect(model.description.contains("  (activation): ReLU()"))
    #expect(try model(Tensor.ones([4, 2])).shape == [4, 1])
  }

  @Test func trainAndEvalReachTheModules() {
    let dropout = Dropout()
    let model = Sequential(Sequential(dropout), ReLU())
    model.eval()
    #expect(!dropout.isTraining)
    model.train()
    #expect(dropout.isTraining)
  }

  @Test func stateOfOneSequenceLoadsIntoAnother() throws {
    let other = Sequential(Linear(2, 3), ReLU(), Sequential(Linear(3, 1, bias: false)))
    let report = try other.loadStateDict(model.stateDict)
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
    #expect(other.stateDict.fingerprint == model.stateDict.fingerprint)
  }

  @Test func failedOperatorIsReportedWithItsModule() {
    expectFailure("2.0 (Linear of Sequential)") {
      try Sequential(ReLU(), Tanh(), Sequential(Linear(2, 1)))(Tensor.ones([1, 3]))
    }
  }

  @Test func namesThatCannotBePartsOfNamesStopTheProcess() async {
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Sequential(["a.b": ReLU()])
      }, stopsWith: "'a.b' cannot be the name of a module")
    expect(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Sequential(["a": ReLU(), "a": ReLU()])
      }, stopsWith: "two modules have the name 'a'")
  }
}
