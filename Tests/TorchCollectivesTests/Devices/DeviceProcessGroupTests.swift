import Collectives
import NCCLStandIn
import Testing
import Torch
import TorchCollectives

/// With host tensors that simulate GPU memory.
@Suite struct DeviceProcessGroupTests {
  /// Runs `body` on each rank, with shared memory and optionally the NCCL stand-in.
  private func onDevices<Value: Sendable>(
    _ worldSize: Int, nccl: Bool, timeout: Duration = .seconds(30),
    _ body: @escaping @Sendable (DeviceProcessGroup) throws -> Value
  ) -> [Result<Value, any Error>] {
    let store = HashStore(timeout: timeout)
    return onRankThreads(worldSize) { rank in
      let host = try SharedMemoryProcessGroup(
        store: PrefixStore("host", store), rank: rank, worldSize: worldSize, timeout: timeout)
      let gpus =
        nccl
        ? try NCCLProcessGroup(
          store: PrefixStore("nccl", store), rank: rank, worldSize: worldSize, timeout: timeout,
          library: standIn(), device: StandInDevice(gpu: 0)) : nil
      return try body(DeviceProcessGroup(host: host, nccl: gpus))
    }
  }

  private func onGPU(_ values: [Float]) -> (tensor: Tensor, buffer: CollectiveBuffer) {
    let tensor = Tensor(values, shape: [values.count])
    return (tensor, CollectiveBuffer(pretending: tensor, gpu: 0))
  }

  @Test(arguments: [false, true])
  func everyCollectiveMovesGPUAndHostMemory(nccl: Bool) throws {
    let results = try onDevices(2, nccl: nccl) { group in
      #expect(group.backend == (nccl ? "cpu:shm,cuda:nccl" : "shm"))
      let rank = Float(group.rank)
      let own = Float(group.rank + 1)
      let sum = onGPU([own, 5])
      let several = onGPU([own])
      let reduced = onGPU([own])
      let part = onGPU([0])
      let whole = onGPU([own, own * 10])
      let gathered = onGPU([0, 0])
      let uneven = [onGPU([0]), onGPU([0, 0])]
      let left = onGPU([rank])
      let right = onGPU([rank + 10])
      let taken = [onGPU([9]), onGPU([9])]
      let shared = onGPU([rank])
      let scattered = onGPU([9])
      let message = onGPU([9])
      try group.allReduce(sum.buffer)
      try group.allReduce([several.buffer])
      try group.reduce(reduced.buffer, to: 1)
      try group.reduceScatter(whole.buffer, into: part.buffer)
      try group.allGather(sum.buffer.slice(1..<2), into: gathered.buffer)
      try group.allGather(
        onGPU(Array(repeating: own, count: group.rank + 1)).buffer, into: uneven.map(\.buffer))
      try group.allToAll([left.buffer, right.buffer], into: taken.map(\.buffer))
      try group.broadcast(shared.buffer, from: 1)
      let all = group.rank == 0 ? onGPU([9, 9]) : nil
      try group.gather(onGPU([own]).buffer, into: all?.buffer, to: 0)
      try group.scatter(
        group.rank == 1 ? onGPU([4, 6]).buffer : nil, into: scattered.buffer, from: 1)
      try group.exchange([
        .send(onGPU([own]).buffer, to: 1 - group.rank, tag: 1),
        .receive(message.buffer, from: 1 - group.rank, tag: 1),
      ])
      try group.barrier()
      #expect(try group.allReduce([group.rank, 1]) == [1, 2])
      let tensors =
        [sum, several, part, gathered] + uneven + taken + [shared, scattered, message]
      return (tensors + (group.rank == 1 ? [reduced] : []) + (all.map { [$0] } ?? []))
        .map { $0.tensor.array(of: Float.self) }
    }.map { try $0.get() }
    #expect(
      results[0] == [
        [3, 10], [3], [3], [10, 10], [1], [2, 2], [0], [1], [1], [4], [2], [1, 2],
      ])
    #expect(
      results[1] == [
        [3, 10], [3], [30], [10, 10], [1], [2, 2], [10], [11], [1], [6], [1], [3],
      ])
  }

  @Test func aSecondWaitDoesNotChangeTheTensor() throws {
    let results = try onDevices(2, nccl: false) { group in
      let (tensor, buffer) = onGPU([1])
      let work = try group.startAllReduce(buffer)
      try work.wait()
      noGrad { tensor.fill_(7) }
      try work.wait()
      return tensor.array(of: Float.self)
    }.map { try $0.get() }
    #expect(results == [[7], [7]])
  }

  @Test func aFailureOfOneBackendAbortsTheOther() throws {
    let texts = onDevices(2, nccl: true, timeout: .milliseconds(400)) { group in
      guard group.rank == 0 else { return try group.store.wait(["over"], timeout: nil) }
      let failed = failure(Result { try group.allReduce(onGPU([1]).buffer) })
      #expect(failed.hasPrefix("timedOut"), "\(failed)")
      _ = try group.allReduce([1])
    }.map(failure)
    #expect(
      texts[0].contains("aborted") && texts[0].contains("did not complete within"), "\(texts)")
  }

  @Test func aWaitForNCCLDetectsFailuresOfTheHostsBackend() throws {
    let store: any Store = HashStore(timeout: .seconds(20))
    let texts = try onRankThreads(2) { rank in
      let host = try SharedMemoryProcessGroup(
        store: PrefixStore("host", store), rank: rank, worldSize: 2, timeout: .seconds(20))
      let nccl = try NCCLProcessGroup(
        store: PrefixStore("nccl", store), rank: rank, worldSize: 2, timeout: .seconds(20),
        library: standIn(), device: StandInDevice(gpu: 0))
      let group = DeviceProcessGroup(host: host, nccl: nccl)
      // Rank 1 does not abort its NCCL group, so NCCL reports no error.
      if rank == 1 {
        host.abort("enough")
        try store.wait(["over"], timeout: nil)
        return ""
      }
      let text = failure(Result { try group.allReduce(onGPU([1]).buffer) })
      try store.set("over", [1])
      return text
    }.map { try $0.get() }
    #expect(texts[0].contains("rank 1 aborted the group"), "\(texts)")
  }

  @Test func subgroupsHaveBothBackends() throws {
    let results = try onDevices(3, nccl: true) { group in
      guard let part = try group.subgroup([2, 1]) else { return [Float]() }
      let (tensor, buffer) = onGPU([Float(group.rank)])
      try part.allReduce(buffer)
      return tensor.array(of: Float.self) + [Float(try part.allReduce([part.rank + 1])[0])]
    }.map { try $0.get() }
    #expect(results == [[], [3, 3], [3, 3]])
  }

  @Test func gpuMemoryWithoutATensorIsInvalid() throws {
    let texts = onDevices(1, nccl: false) { group in
      let memory = CollectiveMemory([1.0])
      try group.allReduce(
        CollectiveBuffer(
          address: memory.buffer.address, count: 1, elementType: .float64, owner: memory, gpu: 0))
    }.map(failure)
    #expect(texts[0].hasPrefix("invalidArgument") && texts[0].contains("CollectiveBuffer(tensor)"))
  }
}
