import ProcessHarness
import Testing
import Torch

/// libtorch postpones conjugations and negations, and makes zeros without memory.
@Suite struct PostponedValueTests {
  private let z = Tensor([1, 2] as [Float]).complex(Tensor([3, -4] as [Float]))

  @Test func postponedNegationsAreRead() {
    let imaginary = z.conj().imag()
    #expect(imaginary.isNeg())
    #expect(imaginary.array() == [-3, 4] as [Float])
    #expect((imaginary * 2).array() == [-6, 8] as [Float])
  }

  @Test func postponedConjugationsAreRead() {
    #expect(z.conj().isConj())
    #expect(z.conj().viewAsRealOfCopy().array() == [1, -3, 2, 4] as [Float])
  }

  @Test func filesHoldTheValues() throws {
    let folder = try TestFolder()
    let path = folder.file("values.pt")
    try PyTorchFile.write(["conj": z.conj(), "negative": z.conj().imag()], path: path)
    let state = try PyTorchFile.readStateDict(path: path)
    #expect(state["conj"]?.viewAsRealOfCopy().array() == [1, -3, 2, 4] as [Float])
    #expect(state["negative"]?.array() == [-3, 4] as [Float])
  }

  @Test func zerosWithoutMemoryAreReadAndSaved() throws {
    // The gradient of the sign is such a tensor.
    let x = Tensor([1, -2] as [Float])
    x.requiresGrad = true
    try x.sgn().sum().backward()
    let gradient = try #require(x.grad)
    #expect(gradient.array() == [0, 0] as [Float])
    let folder = try TestFolder()
    try PyTorchFile.write(["gradient": gradient], path: folder.file("gradient.pt"))
    let state = try PyTorchFile.readStateDict(path: folder.file("gradient.pt"))
    #expect(state["gradient"]?.array() == [0, 0] as [Float])
  }
}

extension Tensor {
  fileprivate func viewAsRealOfCopy() -> Tensor { resolveConj().viewAsReal() }
}
