internal import CNCCL
internal import Collectives
internal import Support

/// Connects the ranks of an NCCL group: rank 0 publishes NCCL's unique ID in the store.
struct NCCLRendezvous {
  let store: any Store
  let rank: Int
  let worldSize: Int
  let timeout: Duration

  /// - Throws: ``CollectiveError`` with code `ranksMissing`, which names the missing ranks,
  ///   `timedOut` or `failed`.
  func connect(_ library: NCCLLibrary, on device: any NCCLDevice) throws(CollectiveError)
    -> NCCLCommunicator
  {
    let deadline = Deadline(after: timeout)
    do {
      return try NCCLCommunicator(
        library, on: device, uniqueID: try uniqueID(library), rank: rank, worldSize: worldSize,
        until: deadline)
    } catch  where error.code == .timedOut {
      let missing = (0..<worldSize).filter { (try? store.check(["rank/\($0)"])) == false }
      if missing.isEmpty { throw error }
      throw .ranksMissing(missing, of: worldSize, within: timeout, seenBy: rank, cause: error)
    }
  }

  /// The unique ID that rank 0 created.
  ///
  /// If rank 0 cannot create an ID, it publishes NCCL's error message under the same key.
  private func uniqueID(_ library: NCCLLibrary) throws(CollectiveError) -> [UInt8] {
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
      throw CollectiveError(.timedOut, "rank 0 did not join", rank: rank, cause: error)
    } catch {
      throw CollectiveError(
        .failed, "cannot exchange NCCL's unique ID: \(error.message)", rank: rank, cause: error)
    }
    guard answer.count == size else {
      throw CollectiveError(
        .failed, "rank 0 cannot create a unique ID: \(String(decoding: answer, as: UTF8.self))",
        rank: rank)
    }
    return answer
  }
}
