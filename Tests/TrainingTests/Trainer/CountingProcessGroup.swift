import Collectives
import Synchronization

/// A group that counts the reductions it starts, and leaves the work to another.
final class CountingProcessGroup: ProcessGroup {
  private let base: any ProcessGroup
  private let reductions = Atomic(0)

  init(_ base: any ProcessGroup) { self.base = base }

  /// How many all-reduces were started.
  var allReduceCount: Int { reductions.load(ordering: .relaxed) }

  var rank: Int { base.rank }
  var worldSize: Int { base.worldSize }
  var timeout: Duration { base.timeout }

  func startAllReduce(_ buffer: CollectiveBuffer, _ op: ReduceOp) throws(CollectiveError)
    -> any Work
  {
    reductions.add(1, ordering: .relaxed)
    return try base.startAllReduce(buffer, op)
  }

  func startBroadcast(_ buffer: CollectiveBuffer, from root: Int) throws(CollectiveError)
    -> any Work
  {
    try base.startBroadcast(buffer, from: root)
  }

  func startAllGather(_ input: CollectiveBuffer, into output: CollectiveBuffer)
    throws(CollectiveError) -> any Work
  {
    try base.startAllGather(input, into: output)
  }

  func startBarrier() throws(CollectiveError) -> any Work { try base.startBarrier() }
}
