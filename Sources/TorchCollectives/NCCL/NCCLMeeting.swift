internal import CNCCL
internal import Collectives

/// How the ranks of an NCCL group meet: rank 0 leaves NCCL's address in the store.
struct NCCLMeeting {
  let store: any Store
  let rank: Int
  let worldSize: Int
  let timeout: Duration

  /// - Throws: ``CollectiveError`` with code `ranksMissing`, which names them, `timedOut` or `failed`.
  func connect(_ library: NCCLLibrary, on device: any NCCLDevice) throws(CollectiveError)
    -> NCCLCommunicator
  {
    let deadline = ContinuousClock.now + timeout
    do {
      return try NCCLCommunicator(
        library, on: device, address: try address(library), rank: rank, worldSize: worldSize,
        until: deadline)
    } catch  where error.code == .timedOut {
      let missing = (0..<worldSize).filter { (try? store.check(["rank/\($0)"])) == false }
      if missing.isEmpty { throw error }
      throw .ranksMissing(missing, of: worldSize, within: timeout, seenBy: rank, cause: error)
    }
  }

  /// The address that rank 0 has made; its words if it could not.
  private func address(_ library: NCCLLibrary) throws(CollectiveError) -> [UInt8] {
    let size = MemoryLayout<cnccl_id>.size
    let answer: [UInt8]
    do throws(StoreError) {
      try store.set("rank/\(rank)", [1])
      if rank == 0 {
        var id = cnccl_id()
        let result = library.calls.GetUniqueId(&id)
        try store.set(
          "address",
          result == NCCLResult.success
            ? withUnsafeBytes(of: id) { Array($0) } : Array(library.describe(result).utf8))
      }
      answer = try store.get("address", timeout: timeout)
    } catch  where error.code == .timedOut {
      throw CollectiveError(.timedOut, "rank 0 did not come", rank: rank, cause: error)
    } catch {
      throw CollectiveError(
        .failed, "could not exchange NCCL's address: \(error.message)", rank: rank, cause: error)
    }
    guard answer.count == size else {
      throw CollectiveError(
        .failed, "rank 0 has no address: \(String(decoding: answer, as: UTF8.self))", rank: rank)
    }
    return answer
  }
}
