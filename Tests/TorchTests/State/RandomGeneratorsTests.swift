import Testing
import Torch

/// Each test runs in its own process, because libtorch's generator is global to the process.
@Suite struct RandomGeneratorsTests {
  @Test func aRestoredGeneratorContinuesItsSequence() async {
    await #expect(processExitsWith: .success) {
      let generators = RandomGenerators()
      manualSeed(7)
      // An odd number of normal draws leaves half a pair for the next one.
      _ = Tensor.randn([3])
      let state = try generators.captureState()
      #expect(state.tensors["cpu"]?.shape == [5056])
      let wanted = Tensor.randn([50]).array(of: Float.self)
      _ = Tensor.rand([999])
      try generators.restoreState(state)
      #expect(Tensor.randn([50]).array(of: Float.self) == wanted)
    }
  }

  @Test func aTensorThatIsNotAStateIsRejected() async {
    await #expect(processExitsWith: .success) {
      let before = try RandomGenerators().captureState()
      #expect {
        try RandomGenerators().restoreState(State(tensors: ["cpu": Tensor([1, 2, 3] as [UInt8])]))
      } throws: {
        ($0 as? TorchError)?.code == .mismatch && "\($0)".contains("generator of cpu")
      }
      let after = try RandomGenerators().captureState()
      #expect(after.tensors.fingerprint == before.tensors.fingerprint)
    }
  }
}
