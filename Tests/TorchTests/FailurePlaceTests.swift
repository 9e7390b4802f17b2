import Testing
import Torch

/// A failed operator names the module that called it and the source line of the call.
@Suite struct FailurePlaceTests {
  private final class Attention: Module {
    let query = Linear(4, 4)
    let key = Linear(3, 4)
    func forward(_ x: Tensor) throws -> Tensor { try query(x) + (try key(x)) }
  }

  private final class Layer: Module {
    @Named("self_attention") var attention = Attention()
    func forward(_ x: Tensor) throws -> Tensor { try attention(x) }
  }

  private final class Encoder: Module {
    let layer = [Layer(), Layer()]
    let heads = ["score": Linear(2, 2)]
    let pair = (left: Linear(4, 4), right: Linear(5, 5))
    let own = Tensor.zeros([7])
    let path: String
    static let line = #line + 8
    init(path: String) { self.path = path }

    func forward(_ x: Tensor) throws -> Tensor {
      switch path {
      case "layer.1": try layer[1](x)
      case "heads.score": try heads["score"]?(x) ?? x
      case "pair.right": try pair.right(pair.left(x))
      case "own": x + own
      case "hidden": try { Linear(1, 1) }()(x)
      default: x
      }
    }
  }

  private func message(_ body: () throws -> Void) throws -> String {
    let error = #expect(throws: TorchError.self) { try catchingTorchErrors(body) }
    return error?.message ?? ""
  }

  @Test(arguments: [
    ("layer.1", " in layer.1.self_attention.key (Linear of Encoder) failed: "),
    ("heads.score", " in heads.score (Linear of Encoder) failed: "),
    ("pair.right", " in pair.right (Linear of Encoder) failed: "),
    ("own", " in Encoder failed: "), ("hidden", " in Linear, called by Encoder failed: "),
  ])
  func moduleIsNamedByItsPath(path: String, expected: String) throws {
    let model = Encoder(path: path)
    let text = try message { _ = try model(Tensor.zeros([2, 4])) }
    #expect(text.contains(expected), "\(text)")
  }

  // Each function fails on its second line.
  private static let firstLine = #line + 1
  private static func multiply() {
    let x = Tensor.zeros([2, 4])
    _ = x.matmul(x)
  }
  private static func compare() {
    let x = Tensor.zeros([2, 4])
    _ = mseLoss(x, Tensor.zeros([2]))
  }
  private static func callModule() throws {
    let x = Tensor.zeros([2, 4])
    _ = try Linear(3, 3)(x)
  }
  private static func normalize() throws {
    let x = Tensor.zeros([1, 4])
    _ = try BatchNorm1d(4)(x)
  }
  private static func callSubmodule() throws {
    let model = Encoder(path: "own")
    _ = try model(Tensor.zeros([2, 4]))
  }

  private func expectLine(_ line: Int, _ result: ExitTest.Result?, module: String?) {
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("FailurePlaceTests.swift:\(line) failed: "), "\(text)")
    #expect(module == nil || text.contains(" in \(module ?? "") at "), "\(text)")
  }

  @Test func lineIsThatOfTheCall() async {
    expectLine(
      Self.firstLine + 2,
      await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
        Self.multiply()
      }, module: nil)
    expectLine(
      Self.firstLine + 6,
      await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
        Self.compare()
      }, module: nil)
    expectLine(
      Self.firstLine + 10,
      await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
        try Self.callModule()
      }, module: "Linear")
    expectLine(
      Self.firstLine + 14,
      await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
        try Self.normalize()
      }, module: "BatchNorm1d")
    expectLine(
      Encoder.line,
      await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
        try Self.callSubmodule()
      }, module: "Encoder")
  }

  @Test func callThatReturnedOrThrewIsNotNamed() throws {
    struct Broken: Error {}
    final class Throwing: Module {
      func forward(_ x: Tensor) throws -> Tensor { throw Broken() }
    }
    let x = Tensor.zeros([2, 4])
    #expect(throws: Broken.self) { try Throwing()(x) }
    _ = try Linear(4, 4)(x)
    let text = try message { _ = x.matmul(x) }
    #expect(!text.contains("Throwing") && !text.contains("Linear"), "\(text)")
  }

  @Test func moduleIsNamedWhenItsParametersCannotBeFound() throws {
    final class Late: Module {
      lazy var head = Linear(2, 2)
      let body = Linear(3, 3)
      func forward(_ x: Tensor) throws -> Tensor { try body(x) }
    }
    let text = try message { _ = try Late()(Tensor.zeros([2, 4])) }
    #expect(text.contains("in body (Linear of Late)"), "\(text)")
  }

  @Test func moduleIsNamedWhenTheProcessExits() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent])
    {
      let model = Encoder(path: "layer.1")
      _ = try model(Tensor.zeros([2, 4]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("layer.1.self_attention.key (Linear of Encoder)"))
    #expect(text.contains("FailurePlaceTests.swift:"))
  }
}
