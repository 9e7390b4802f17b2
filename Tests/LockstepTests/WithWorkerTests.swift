import Foundation
import Lockstep
import Testing

/// `withWorker` in a process that no launcher started, and its exit codes.
@Suite struct WithWorkerTests {
  @Test func aProcessWithoutALauncherIsRank0Of1() async {
    await #expect(processExitsWith: .success) {
      forgetLauncher()
      let sum = withWorker { worker in
        precondition(worker.rank == 0 && worker.worldSize == 1 && worker.localRank == 0)
        precondition(worker.isMain && worker.restartCount == 0 && worker.environment == nil)
        return try worker.group.allReduce([1.5, 2])
      }
      precondition(sum == [1.5, 2])
    }
  }

  @Test func anAsynchronousBodyReturnsItsValue() async {
    await #expect(processExitsWith: .success) {
      forgetLauncher()
      let rank = await withWorker(device: "cpu") { worker in
        await Task.yield()
        return worker.rank
      }
      precondition(rank == 0)
    }
  }

  @Test func aModelTrainsWithImportLockstepOnly() async {
    await #expect(processExitsWith: .success) {
      forgetLauncher()
      withWorker(device: "cpu") { worker in
        let model = try DistributedDataParallel(Linear(3, 1), group: worker.group)
        let optimizer = SGD(model.module.parameters, learningRate: 0.1)
        let inputs = Tensor.randn([8, 3])
        var losses: [Double] = []
        for _ in 0..<20 {
          let loss = mseLoss(try model(inputs), Tensor.zeros([8, 1]))
          losses.append(loss.item)
          optimizer.zeroGrad()
          try loss.backward()
          try optimizer.step()
        }
        precondition(losses[19] < losses[0] / 2, "\(losses)")
      }
    }
  }

  @Test func anErrorEndsTheProcessAndReachesTheLauncher() async throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "error-\(UUID()).json")
    defer { try? FileManager.default.removeItem(at: file) }
    await #expect(processExitsWith: .exitCode(1)) { [path = file.path as String] in
      forgetLauncher()
      setenv("TORCHELASTIC_ERROR_FILE", path, 1)
      withWorker { _ in throw TorchError(.invalidArgument, "the reason") }
    }
    #expect(try ErrorRecord(contentsOfFile: file.path).message == "TorchError: the reason")
  }

  @Test func anUnknownDeviceIsNamed() async {
    let result = await #expect(
      processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
    ) {
      forgetLauncher()
      withWorker(device: "tpu") { _ in }
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("'tpu'"))
  }

  @Test func aStopRequestEndsTheJobWithItsOwnCode() async {
    await #expect(processExitsWith: .exitCode(StopRequest.exitCode)) {
      forgetLauncher()
      withWorker(device: "cpu") { worker in
        let stopsAtOnce = try worker.shouldStop()
        precondition(!stopsAtOnce)
        kill(getpid(), SIGTERM)
        while try !worker.shouldStop() { usleep(1000) }
        try worker.exitStopped()
      }
    }
  }
}

/// Removes the variables of a launcher that may run these tests.
private func forgetLauncher() {
  for name in ["RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"] { unsetenv(name) }
}
