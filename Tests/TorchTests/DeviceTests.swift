import Testing
import Torch

@Suite struct DeviceTests {
  @Test(.enabled(if: Device.cudaDeviceCount == 0, "there are GPUs here"))
  func everyLocalRankUsesTheCPUWithoutGPUs() throws {
    #expect(try Device(localRank: 0) == .cpu)
    #expect(try Device(localRank: 7) == .cpu)
  }

  @Test(.enabled(if: Device.cudaDeviceCount == 0, "there are GPUs here"))
  func errorExplainsWhyThereIsNoGPU() throws {
    let error = #expect(throws: TorchError.self) { try Device(parsing: "cuda") }
    let message = try #require(error?.message)
    #expect(error?.code == .invalidArgument)
    #expect(message.contains("'cuda:0'") && message.lowercased().contains("use 'cpu'"))
    #expect(
      message.contains("libtorch's CUDA library, which cannot be opened")
        || message.contains("this process sees 0 GPUs"))
  }

  @Test(.enabled(if: Device.cudaDeviceCount > 0, "needs a GPU"))
  func everyLocalRankHasADifferentGPU() throws {
    let count = Device.cudaDeviceCount
    #expect(try (0..<count).map { try Device(localRank: $0) } == (0..<count).map(Device.cuda))
    let error = #expect(throws: TorchError.self) { try Device(localRank: count) }
    #expect(error?.message.contains("CUDA_VISIBLE_DEVICES") == true)
  }
}
