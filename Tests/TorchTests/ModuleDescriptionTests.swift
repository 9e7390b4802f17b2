import Testing
import Torch

/// The texts are those of PyTorch 2.13's `repr` for the same modules, except for the classes'
/// names.
@Suite struct ModuleDescriptionTests {
  private final class Block: Module {
    let linear: Linear
    let dropout = Dropout(0.1)
    init(_ size: Int) { linear = Linear(size, size) }
    func forward(_ x: Tensor) throws -> Tensor { try dropout(linear(x)) }
  }

  private final class Stack: Module {
    let embedding = Embedding(10, 4, paddingIdx: 0)
    let layers = [Block(4), Block(4), Block(4), Block(5), Block(4)]
    @Named("LayerNorm") var norm = LayerNorm(4, eps: 1e-12)
    func forward(_ x: Tensor) -> Tensor { x }
  }

  private final class Heads: Module {
    let heads = ["b": Linear(4, 1), "a": Linear(4, 2, bias: false)]
    let none: Linear? = nil
    let pair = (Dropout(0), second: Dropout(1))
    func forward(_ x: Tensor) -> Tensor { x }
  }

  private final class Own: Module {
    let weight: Tensor
    let table = Tensor.zeros([2, 3], dtype: .int64)
    @Buffer var mean = Tensor.zeros([])
    init() {
      weight = Tensor.zeros([5])
      weight.requiresGrad = true
    }
    func forward(_ x: Tensor) -> Tensor { x }
  }

  private final class Custom: Module {
    let scale = 2
    func forward(_ x: Tensor) -> Tensor { x }
    var extraRepr: String { "scale=\(scale)" }
  }

  private final class Empty: Module {
    func forward(_ x: Tensor) -> Tensor { x }
  }

  private static var modules: [(any Module, String)] {
    [
      (Linear(20, 3), "Linear(in_features=20, out_features=3, bias=True)"),
      (Linear(2, 1, bias: false), "Linear(in_features=2, out_features=1, bias=False)"),
      (Embedding(7, 5), "Embedding(7, 5)"),
      (Embedding(7, 5, paddingIdx: -1), "Embedding(7, 5, padding_idx=6)"),
      (LayerNorm(6), "LayerNorm((6,), eps=1e-05, elementwise_affine=True, bias=True)"),
      (Dropout(0.25), "Dropout(p=0.25, inplace=False)"),
      (Conv2d(1, 32, kernelSize: 3), "Conv2d(1, 32, kernel_size=(3, 3), stride=(1, 1))"),
      (
        Conv2d(3, 8, kernelSize: 5, stride: 2, padding: 1),
        "Conv2d(3, 8, kernel_size=(5, 5), stride=(2, 2), padding=(1, 1))"
      ),
      (
        BatchNorm2d(4),
        "BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)"
      ),
      (Empty(), "Empty()"), (Custom(), "Custom(scale=2)"),
      (
        Block(3),
        """
        Block(
          (linear): Linear(in_features=3, out_features=3, bias=True)
          (dropout): Dropout(p=0.1, inplace=False)
        )
        """
      ),
      (
        Stack(),
        """
        Stack(
          (embedding): Embedding(10, 4, padding_idx=0)
          (layers): ModuleList(
            (0-2): 3 x Block(
              (linear): Linear(in_features=4, out_features=4, bias=True)
              (dropout): Dropout(p=0.1, inplace=False)
            )
            (3): Block(
              (linear): Linear(in_features=5, out_features=5, bias=True)
              (dropout): Dropout(p=0.1, inplace=False)
            )
            (4): Block(
              (linear): Linear(in_features=4, out_features=4, bias=True)
              (dropout): Dropout(p=0.1, inplace=False)
            )
          )
          (LayerNorm): LayerNorm((4,), eps=1e-12, elementwise_affine=True, bias=True)
        )
        """
      ),
      (
        Heads(),
        """
        Heads(
          (heads): ModuleDict(
            (a): Linear(in_features=4, out_features=2, bias=False)
            (b): Linear(in_features=4, out_features=1, bias=True)
          )
          (pair): Tuple(
            (0): Dropout(p=0.0, inplace=False)
            (second): Dropout(p=1.0, inplace=False)
          )
        )
        """
      ),
      (
        Own(),
        """
        Own(
          (weight): Parameter containing: [float32 of size 5]
          (table): Constant containing: [int64 of size 2x3]
          (mean): Buffer containing: [float32]
        )
        """
      ),
    ]
  }

  @Test func referenceBackToTheContainerEnds() {
    final class Child: Module {
      weak var parent: Parent?
      func forward(_ x: Tensor) -> Tensor { x }
    }
    final class Parent: Module {
      let child = Child()
      init() { child.parent = self }
      func forward(_ x: Tensor) -> Tensor { x }
    }
    let text = "Parent(\n  (child): Child(\n    (parent): Parent(…)\n  )\n)"
    #expect(Parent().description == text)
  }

  @Test(arguments: modules.indices) func textIsPyTorchs(index: Int) {
    let (module, text) = Self.modules[index]
    #expect("\(module)" == text)
  }
}
