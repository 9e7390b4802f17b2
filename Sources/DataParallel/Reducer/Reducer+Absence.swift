internal import Collectives
internal import Glibc
internal import TorchCollectives

/// How a rank is found out that leaves a pass out, because its loss has nothing to do with the model.
///
/// Forward without backward is no mistake where all ranks do so. A rank that comes to its next forward pass
/// without having averaged asks the others whether they have not either, with a collective that no bucket
/// looks like. Engines that compare calls answer at once if somebody waits with a bucket. Gloo compares
/// nothing, so over it ranks that have waited for a while say so in the store. Good passes pay nothing.
extension Reducer {
  private static let engineCodes: [CollectiveError.Code] = [
    .mismatch, .peerLost, .timedOut, .failed,
  ]
  private static let complaintKey = "ddp/complaint"
  private static func waitingKey(_ pass: Int) -> String { "ddp/\(pass)/waiting" }

  /// Before a forward pass: makes sure that no other rank averages gradients of the one before, if this
  /// rank has none of it.
  ///
  /// - Throws: ``CollectiveError`` with code `mismatch` when another rank does, which then throws, too.
  func checkPassBefore() throws(CollectiveError) {
    guard isUnreduced, !hasStarted, group.worldSize > 1 else { return }
    let complaint =
      "rank \(group.rank) began a forward pass, but no gradient came in the one before, which other ranks "
      + "average. Call backward on every rank, on a loss that depends on what the model returned; run "
      + "forward inside of withoutGradients where no backward follows, and train inside of join where "
      + "ranks have different numbers of batches"
    func giveUp() {
      try? group.store.set(Self.complaintKey, complaint)
      group.abort(complaint)
    }
    do {
      let (mine, all) = (
        CollectiveMemory<Int8>([0]), CollectiveMemory(Int8.self, count: group.worldSize)
      )
      let work = try group.startAllGather(mine.buffer, into: all.buffer)
      if !group.capabilities.detectsMismatches, someoneWaits(besides: work) { giveUp() }
      try work.wait()
      isUnreduced = false
    } catch {
      if error.code == .peerLost { throw error }
      giveUp()
      throw CollectiveError(.mismatch, complaint, rank: group.rank, cause: error)
    }
  }

  /// Looks whether another rank says that it waits for a bucket, until the work ends.
  private func someoneWaits(besides work: any Work) -> Bool {
    let end = ContinuousClock.now + group.timeout
    var pause: UInt32 = 50
    while !work.isCompleted, ContinuousClock.now < end {
      usleep(pause)
      pause = min(2 * pause, 50_000)
      if pause == 50_000, (try? group.store.check([Self.waitingKey(passCount)])) == true {
        return true
      }
    }
    return false
  }

  /// Runs what waits for the other ranks; a long wait is announced where engines do not notice by
  /// themselves that a rank makes other calls.
  func waiting<Result>(_ body: () throws -> Result) rethrows -> Result {
    guard !group.capabilities.detectsMismatches else { return try body() }
    let store = group.store
    let notice =
      lateNotice
      ?? LateNotice(everySeconds: min(5, group.timeout / .seconds(10))) {
        try? store.set(Self.waitingKey($0), [])
      }
    lateNotice = notice
    notice.setWaiting(passCount)
    defer { notice.setWaiting(nil) }
    return try body()
  }

  /// Runs a part of a bucket's reduction; an error names its parameters, too.
  func reducing<Result>(_ bucket: Int, _ body: () throws -> Result) throws -> Result {
    try explaining(
      "bucket \(bucket + 1) of \(buckets.count) (\(list(buckets[bucket].members, most: 3))) could not be "
        + "averaged", body)
  }

  /// Runs a part of a pass that needs the other ranks; an error tells what could not be done, and what a
  /// rank has left in the store that did not come.
  func explaining<Result>(_ what: @autoclosure () -> String, _ body: () throws -> Result) throws
    -> Result
  {
    do {
      return try body()
    } catch let error as CollectiveError where Self.engineCodes.contains(error.code) {
      // Engines that compare calls tell both ranks at once.
      let limit: Duration = error.code == .mismatch ? .seconds(1) : .zero
      let complaint = try? group.store.getString(Self.complaintKey, timeout: limit)
      let isLate = error.code == .peerLost || error.code == .timedOut
      let reason =
        complaint ?? error.message
        + (isLate ? ". Ranks with different numbers of batches train inside of join" : "")
      throw CollectiveError(
        complaint == nil ? error.code : .mismatch, "\(what()) in pass \(passCount + 1): \(reason)",
        rank: group.rank, cause: error)
    }
  }

  /// Parameters as a sentence names them, a few of many.
  func list(_ parameters: [Int], most: Int = 10) -> String {
    parameters.prefix(most).map { "'\(names[$0])'" }.joined(separator: ", ")
      + (parameters.count > most ? ", …" : "")
  }
}
