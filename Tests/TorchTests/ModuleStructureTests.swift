import Testing
import Torch

/// A part whose only parameter is a scalar with a given value.
private final class Part: Module {
  let value: Tensor

  init(_ value: Double) {
    self.value = Tensor.full([], value)
    self.value.requiresGrad = true
  }

  func forward(_ x: Tensor) -> Tensor { x * value }
}

/// A model whose output depends on all of its parameters that reflection finds.
private protocol Sum: Module where Input == Tensor, Output == Tensor {}
extension Sum {
  func forward(_ x: Tensor) throws -> Tensor {
    try modules.compactMap { $0 as? Part }.reduce(x) { try $1($0) }
  }
}

private struct Pair {
  var left = Part(2)
  @Named("other") var right = Part(3)
  var note = "a pair"
}

private enum Head {
  case plain
  case one(Part)
  case two(Part, scale: Part)
  indirect case nested(Head)
}

private enum Task: String { case speech = "asr", text }
private enum Size { case small, large }

/// A property wrapper of a program.
@propertyWrapper private struct Logged<Value> {
  var wrappedValue: Value
  var reads = 0

  init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

/// A collection of a program, which describes its elements in its mirror.
private struct Deque: Collection, CustomReflectable {
  final class Storage { var elements: [Part] = [] }
  private let storage = Storage()
  init(_ elements: [Part]) { storage.elements = elements }
  var startIndex: Int { 0 }
  var endIndex: Int { storage.elements.count }
  func index(after index: Int) -> Int { index + 1 }
  subscript(index: Int) -> Part { storage.elements[index] }
  var customMirror: Mirror {
    Mirror(self, unlabeledChildren: storage.elements, displayStyle: .collection)
  }
}

@Suite struct ModuleStructureTests {
  private final class Dictionaries: Sum {
    let heads = ["b": Part(2), "a": Part(3), "é": Part(5), "Z": Part(7)]
    let layers = [10: Part(1), 9: Part(1), -1: Part(1)]
    let tasks = [Task.text: Part(1), .speech: Part(1)]
    let sizes = [Size.small: [Part(1)], .large: []]
    let nested = ["x": ["y": Part(1)]]
    let tensors = ["t": Part(1).value]
  }

  private final class Optionals: Sum {
    let none: Part? = nil
    let some: Part? = Part(2)
    let twice: Part?? = Part(3)
    let noneOfTwo: Part?? = .some(nil)
    let list: [Part?]? = [nil, Part(1), nil]
    let tensor: Tensor? = Part(1).value
  }

  private final class Lists: Sum {
    let plain = [Part(1), Part(2)]
    let nested = [[Part(1)], [], [Part(1), Part(1)]]
    let slice = [Part(1), Part(2), Part(3)][1...]
    let contiguous: ContiguousArray = [Part(1)]
    let existential: [any Module] = [Part(1), Linear(1, 1, bias: false)]
    let deque = Deque([Part(1), Part(1)])
    let tensors = [Part(1).value, Part(2).value]
    let any: [Any] = [1, "two", Part(3)]
  }

  private final class Values: Sum {
    let tuple = (Part(1), second: Part(2), 3)
    let pair = Pair()
    let pairs = [Pair(), Pair()]
    let optionalPair: Pair? = Pair()
    let any: Any = Pair()
    @Logged var wrapped = Part(1)
    @Logged var wrappedList = [Part(1)]
  }

  private final class Enums: Sum {
    let plain = Head.plain
    let one = Head.one(Part(1))
    let two = Head.two(Part(1), scale: Part(2))
    let nested = Head.nested(.one(Part(1)))
    let list = [Head.plain, .one(Part(1))]
    let result: Result<Part, TorchError> = .success(Part(1))
  }

  private class Base: Sum {
    let own = Part(1)
  }
  private final class Derived: Base {
    let more = Part(2)
  }

  private final class Lazy: Sum {
    lazy var part = Part(1)
    lazy var list = [Part(1), Part(2)]
    lazy var count = 3
    lazy var name = "lazy"
    lazy var helper = Helper()
    final class Helper { var text = "no parameters" }

    init() {
      _ = part
      _ = list
    }
  }

  /// Every structure, and the names of its parameters.
  private static var structures: [(String, any Sum, [String])] {
    [
      (
        "dictionaries", Dictionaries(),
        [
          "tensors.t", "heads.Z.value", "heads.a.value", "heads.b.value", "heads.é.value",
          "layers.-1.value", "layers.9.value", "layers.10.value", "tasks.asr.value",
          "tasks.text.value", "sizes.small.0.value", "nested.x.y.value",
        ]
      ),
      (
        "optionals", Optionals(),
        ["tensor", "some.value", "twice.value", "list.1.value"]
      ),
      (
        "lists", Lists(),
        [
          "tensors.0", "tensors.1", "plain.0.value", "plain.1.value", "nested.0.0.value",
          "nested.2.0.value", "nested.2.1.value", "slice.0.value", "slice.1.value",
          "contiguous.0.value", "existential.0.value", "existential.1.weight", "deque.0.value",
          "deque.1.value", "any.2.value",
        ]
      ),
      (
        "values", Values(),
        [
          "tuple.0.value", "tuple.second.value", "pair.left.value", "pair.other.value",
          "pairs.0.left.value", "pairs.0.other.value", "pairs.1.left.value", "pairs.1.other.value",
          "optionalPair.left.value", "optionalPair.other.value", "any.left.value",
          "any.other.value",
          "wrapped.value", "wrappedList.0.value",
        ]
      ),
      (
        "enums", Enums(),
        [
          "one.one.value", "two.two.0.value", "two.two.scale.value", "nested.nested.one.value",
          "list.1.one.value", "result.success.value",
        ]
      ),
      ("base class", Derived(), ["own.value", "more.value"]),
      ("lazy", Lazy(), ["part.value", "list.0.value", "list.1.value"]),
    ]
  }

  @Test(arguments: structures.indices) func everyParameterIsFound(index: Int) throws {
    let (structure, model, names) = Self.structures[index]
    #expect(model.namedParameters.map(\.name) == names, "\(structure)")
    #expect(model.stateDict.keys.sorted() == names.sorted())
    #expect(model.parameters.allSatisfy { $0.requiresGrad })
    // Names of one run are those of the next one, which loads them.
    #expect(
      try model.loadStateDict(model.stateDict) == LoadReport(missingKeys: [], unexpectedKeys: []))
  }

  @Test(arguments: structures.indices) func everyParameterIsTrained(index: Int) throws {
    let (structure, model, _) = Self.structures[index]
    let parts = model.modules.compactMap { $0 as? Part }
    let before = parts.map { $0.value.item }
    let optimizer = SGD(model.parameters, learningRate: 0.25)
    optimizer.zeroGrad()
    try parts.reduce(Tensor(1.0 as Float)) { $0 + $1.value }.backward()
    try optimizer.step()
    #expect(parts.count >= 2)
    #expect(parts.map { $0.value.item } == before.map { $0 - 0.25 }, "\(structure)")
  }

  @Test func modesReachEveryStructure() throws {
    final class Model: Module {
      let list = [[Dropout(0.5)]]
      let table = ["a": Dropout(0.5)]
      let tuple = (Dropout(0.5), 1)
      let wrapped: Dropout? = Dropout(0.5)
      let result: Result<Dropout, TorchError> = .success(Dropout(0.5))
      func forward(_ x: Tensor) -> Tensor { x }
    }
    let model = Model()
    model.eval()
    let dropouts = model.modules.compactMap { $0 as? Dropout }
    #expect(dropouts.count == 5)
    #expect(dropouts.allSatisfy { !$0.isTraining })
  }

  @Test func sharedModuleIsListedOnceAndSavedUnderEachName() {
    final class Tied: Module {
      let first: Part
      let table: [String: Part]
      let again: Part?
      init() {
        first = Part(1)
        table = ["x": first, "y": Part(2)]
        again = first
      }
      func forward(_ x: Tensor) -> Tensor { x }
    }
    let model = Tied()
    #expect(model.modules.count == 3)
    #expect(model.namedParameters.map(\.name) == ["first.value", "table.y.value"])
    #expect(
      model.stateDict.keys.sorted() == [
        "again.value", "first.value", "table.x.value", "table.y.value",
      ])
  }

  @Test func referenceBackToTheContainerIsNotASubmodule() {
    final class Child: Module {
      weak var parent: Parent?
      let part = Part(1)
      func forward(_ x: Tensor) -> Tensor { x }
    }
    final class Parent: Module {
      let child = Child()
      let children = [Child()]
      init() {
        child.parent = self
        children[0].parent = self
      }
      func forward(_ x: Tensor) -> Tensor { x }
    }
    let model = Parent()
    #expect(
      model.namedParameters.map(\.name) == ["child.part.value", "children.0.part.value"])
    #expect(model.modules.count == 5)
  }
}

/// Tensors that are not trained.
@Suite struct ConstantTests {
  private final class Model: Module {
    let table = Tensor([1, 2, 3] as [Float])
    let indices = Tensor.arange(3)
    let list = [Tensor(1.0 as Float), Tensor(2.0 as Float)]
    let optional: Tensor? = Tensor(true)
    let frozen = Part(4).value
    let weight = Part(5).value
    @Buffer var mean = Tensor.zeros([2])
    var cache: Tensor?

    init() { frozen.requiresGrad = false }

    func forward(_ x: Tensor) -> Tensor {
      cache = x * weight
      return x * weight + table
    }
  }

  @Test func constantsAreNeitherParametersNorSaved() {
    let model = Model()
    #expect(model.namedParameters.map(\.name) == ["frozen", "weight"])
    #expect(model.namedBuffers.map(\.name) == ["mean"])
    #expect(model.stateDict.keys.sorted() == ["frozen", "mean", "weight"])
  }

  @Test func resultOfAnOperatorIsNotAParameter() throws {
    let model = Model()
    _ = try model(Tensor(1.0 as Float))
    #expect(model.cache?.requiresGrad == true)
    #expect(model.namedParameters.map(\.name) == ["frozen", "weight"])
  }

  @Test func frozenParameterStaysAParameter() throws {
    let model = Linear(3, 2)
    for parameter in model.parameters { parameter.requiresGrad = false }
    #expect(model.namedParameters.map(\.name) == ["weight", "bias"])
    let other = Linear(3, 2)
    #expect(try model.loadStateDict(other.stateDict).missingKeys == [])
    #expect(model.stateDict.fingerprint == other.stateDict.fingerprint)
  }

  @Test func gradientsOfFrozenAndConstantTensorsStayNil() throws {
    let model = Model()
    try model(Tensor(1.0 as Float)).sum().backward()
    #expect(model.weight.grad != nil)
    #expect(model.frozen.grad == nil)
    #expect(model.table.grad == nil)
  }

  @Test func detachedCopyOfAParameterIsAConstant() {
    final class Copies: Module {
      let weight = Part(1).value
      let initial: Tensor
      init() { initial = weight.detach() }
      func forward(_ x: Tensor) -> Tensor { x * weight }
    }
    #expect(Copies().namedParameters.map(\.name) == ["weight"])
  }
}

/// Structures whose parameters cannot be found: the error names the property and the remedy.
@Suite struct ModuleRefusalTests {
  private protocol Identity: Module where Input == Tensor, Output == Tensor {}

  private final class LazyModule: Identity {
    lazy var head = Part(1)
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class LazyList: Identity {
    lazy var blocks = [[Part(1)]]
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class LazyTensor: Identity {
    lazy var scale: Tensor = Part(1).value
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class LazyStruct: Identity {
    lazy var pair = Pair()
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class LazyExistential: Identity {
    lazy var any: any Module = Part(1)
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class LazyEnum: Identity {
    lazy var choice: Head = .one(Part(1))
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class LazyInside: Identity {
    let blocks = [LazyModule()]
    func forward(_ x: Tensor) -> Tensor { x }
  }

  private final class Key: Module, Hashable {
    let part = Part(1)
    func forward(_ x: Tensor) -> Tensor { x }
    static func == (left: Key, right: Key) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
  }
  private final class SetOfModules: Identity {
    let keys: Set<Key> = [Key(), Key()]
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private struct Point: Hashable { var x = 1 }
  private final class StructKeys: Identity {
    let grid = [Point(): Part(1)]
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class ModuleKeys: Identity {
    let table = [Key(): 1]
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class PeriodKeys: Identity {
    let heads = ["a.b": Part(1)]
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class EmptyKeys: Identity {
    let heads = ["": Part(1)]
    func forward(_ x: Tensor) -> Tensor { x }
  }

  private class Helper { let part = Part(1) }
  private final class DerivedHelper: Helper { let name = "derived" }
  private final class Outer { let inner = [Helper()] }
  private final class TensorHolder { let weights = ["w": Part(1).value] }
  private final class PlainObject: Identity {
    let helper = Helper()
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class PlainObjects: Identity {
    let helpers = [DerivedHelper()]
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class NestedObject: Identity {
    let outer: Outer? = Outer()
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class ObjectWithTensor: Identity {
    let holder = TensorHolder()
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class ObjectInAny: Identity {
    let any: Any = Helper()
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class Hidden: Identity, CustomReflectable {
    let part = Part(1)
    var customMirror: Mirror { Mirror(self, children: [:]) }
    func forward(_ x: Tensor) -> Tensor { x }
  }

  private class PrivateScale: Identity {
    @Named("scale") private var first = Part(1).value
    func forward(_ x: Tensor) -> Tensor { x }
  }
  private final class SameName: PrivateScale {
    let scale = Part(2).value
  }
  private final class SameTaskNames: Identity {
    @Named("head") var left = Part(1)
    @Named("head") var right = Part(2)
    func forward(_ x: Tensor) -> Tensor { x }
  }

  /// Each structure, the property that the error has to name, and a word of the remedy.
  private static var refused: [(any Identity, String, String)] {
    [
      (LazyModule(), "'head'", "init"), (LazyList(), "'blocks'", "init"),
      (LazyTensor(), "'scale'", "init"), (LazyStruct(), "'pair'", "init"),
      (LazyExistential(), "'any'", "init"), (LazyEnum(), "'choice'", "init"),
      (LazyInside(), "'head' of LazyModule", "init"), (SetOfModules(), "'keys'", "array"),
      (StructKeys(), "'grid'", "strings"), (ModuleKeys(), "'table'", "strings"),
      (PeriodKeys(), "\"a.b\"", "periods"), (EmptyKeys(), "'heads'", "strings"),
      (PlainObject(), "'helper'", "make Helper a Module"),
      (PlainObjects(), "'helpers.0'", "make DerivedHelper a Module"),
      (NestedObject(), "'outer.inner.0'", "make Helper a Module"),
      (ObjectWithTensor(), "'weights.w'", "make TensorHolder a Module"),
      (ObjectInAny(), "'any'", "make Helper a Module"), (Hidden(), "customMirror", "remove"),
      (SameName(), "'scale'", "@Named"), (SameTaskNames(), "'head.value'", "@Named"),
    ]
  }

  @Test(arguments: refused.indices) func propertyAndRemedyAreNamed(index: Int) {
    let (model, property, remedy) = Self.refused[index]
    let uses: [() -> Void] = [
      { _ = model.namedParameters }, { _ = model.stateDict }, { _ = model.modules },
      { _ = model.namedBuffers }, { model.train() },
    ]
    for use in uses {
      #expect {
        try catchingTorchErrors(use)
      } throws: { error in
        (error as? TorchError)?.code == .operatorFailed && "\(error)".contains(property)
          && "\(error)".contains(remedy) && "\(error)".contains("\(type(of: model))")
      }
    }
  }

  @Test func lazyPropertyIsFoundAfterItsFirstUse() {
    let model = LazyModule()
    #expect(throws: TorchError.self) { try catchingTorchErrors { model.parameters } }
    _ = model.head
    #expect(model.namedParameters.map(\.name) == ["head.value"])
  }

  private static func train() { _ = SGD(LazyModule().parameters, learningRate: 0.1) }

  @Test func refusalOutsideOfAScopeExitsTheProcess() async {
    let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent])
    {
      Self.train()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("the lazy property 'head' of LazyModule"))
    #expect(text.contains("ModuleStructureTests.swift:"))
  }

  /// An object may refer to modules that the model has anyway, or hold no parameters.
  @Test func objectsWithoutParametersOfTheirOwnAreAccepted() {
    final class Counter { var history = ["a": [1.0]] }
    final class Reference { var part: Part? }
    final class Cycle { var other: Cycle? }
    final class Model: Module {
      let part = Part(1)
      let counter = Counter()
      let reference = Reference()
      let cycle = Cycle()
      let optimizer: SGD
      let teacher: () -> Part
      init() {
        reference.part = part
        cycle.other = cycle
        optimizer = SGD([part.value], learningRate: 0.1)
        // Closures cannot be searched, which keeps a model out of another one.
        let hidden = Part(2)
        teacher = { hidden }
      }
      func forward(_ x: Tensor) -> Tensor { x }
    }
    #expect(Model().namedParameters.map(\.name) == ["part.value"])
  }
}
