import Collectives
import Testing
import Torch
import TorchCollectives

/// Tests that need a GPU.
@Suite(.enabled(if: Device.cudaDeviceCount > 0, "NOT TESTED: libtorch finds no GPU here"))
struct NCCLOnGPUTests {
  private func group(_ backend: ProcessGroupBackend) throws -> any ProcessGroup {
    try makeProcessGroup(
      store: HashStore(), rank: 0, worldSize: 1, backend: backend, timeout: .seconds(60),
      device: .cuda(0))
  }

  /// One rank with NCCL, and one with copies through the host.
  @Test(arguments: [(ProcessGroupBackend.nccl, "cpu:shm,cuda:nccl"), (.sharedMemory, "shm")])
  func gpuAndHostTensorsAreMoved(backend: ProcessGroupBackend, name: String) throws {
    let group = try group(backend)
    #expect(group.backend == name)
    let tensor = Tensor.full([1000], 3.0, device: .cuda(0))
    // Enqueued but not waited for: the collective has to run after it.
    noGrad { tensor.div_(2) }
    try group.allReduce(tensor)
    #expect(tensor.array(of: Float.self) == Array(repeating: 1.5, count: 1000))
    #expect(try group.allReduce([7]) == [7])
    try group.barrier()
  }
}
