internal import Collectives
internal import Glibc

/// Detects a rank that omits a backward pass, because its loss does not depend on the model.
///
/// Forward without backward is allowed if all ranks do it. If a forward pass starts although the
/// gradients of the previous one were not averaged, the rank starts a collective that matches no
/// bucket. It completes if all ranks start it. If a peer is averaging a bucket instead, backends
/// that compare calls fail at once. Gloo does not compare calls: there, a rank that has waited for
/// a while for a bucket reports that in the store. Passes with gradients cost nothing.
final class AbsentRankDetector {
  private static let backendCodes: [CollectiveError.Code] = [
    .mismatch, .peerLost, .timedOut, .failed,
  ]
  private static let errorKey = "ddp/error"
  private static func waitingKey(_ pass: Int) -> String { "ddp/\(pass)/waiting" }

  private let group: any ProcessGroup
  /// `nil` before the first wait, and if the backend compares calls.
  private var watchdog: WaitWatchdog?
  /// Whether a forward pass ran whose gradients have not been averaged.
  private var hasUnreducedForward = false

  /// Creates a detector for the ranks of a group.
  init(group: any ProcessGroup) { self.group = group }

  /// A forward pass ran whose gradients are to be averaged.
  func forwardEnded() { hasUnreducedForward = true }

  /// The gradients are averaged, or the pass failed.
  func passEnded() { hasUnreducedForward = false }

  /// Checks before a forward pass that no other rank averages gradients of the previous pass, if
  /// this rank has none.
  ///
  /// - Parameter pass: The index of the pass; equal on all ranks.
  /// - Throws: ``CollectiveError`` with code `mismatch` if another rank averages them; that rank
  ///   then also throws.
  func checkPreviousPass(_ pass: Int) throws(CollectiveError) {
    guard hasUnreducedForward, group.worldSize > 1 else { return }
    let message =
      "rank \(group.rank) started a forward pass although its previous pass produced no gradient, "
      + "which other ranks are averaging. Call backward on every rank, on a loss that depends on "
      + "the model's output. Run forward inside noGrad if no backward follows. Use join "
      + "if ranks have different numbers of batches"
    func abort() {
      try? group.store.set(Self.errorKey, message)
      group.abort(message)
    }
    do {
      let mine = CollectiveMemory<Int8>([0])
      let all = CollectiveMemory(Int8.self, count: group.worldSize)
      let work = try group.startAllGather(mine.buffer, into: all.buffer)
      if !group.capabilities.detectsMismatches, isPeerWaiting(in: pass, until: work) { abort() }
      try work.wait()
      hasUnreducedForward = false
    } catch {
      if error.code == .peerLost { throw error }
      abort()
      throw CollectiveError(.mismatch, message, rank: group.rank, cause: error)
    }
  }

  /// Polls the store until `work` completes; returns whether another rank reported that it waits
  /// for a bucket.
  private func isPeerWaiting(in pass: Int, until work: any Work) -> Bool {
    let deadline = ContinuousClock.now + group.timeout
    var pause: UInt32 = 50
    while !work.isCompleted, ContinuousClock.now < deadline {
      usleep(pause)
      pause = min(2 * pause, 50_000)
      if pause == 50_000, (try? group.store.check([Self.waitingKey(pass)])) == true { return true }
    }
    return false
  }

  /// Runs `body`, which waits for other ranks.
  ///
  /// A long wait is reported in the store, unless the backend compares calls by itself.
  func waiting<Result>(in pass: Int, _ body: () throws -> Result) rethrows -> Result {
    guard !group.capabilities.detectsMismatches else { return try body() }
    let watchdog = watchdog ?? makeWatchdog()
    watchdog.setWaiting(in: pass)
    defer { watchdog.setWaiting(in: nil) }
    return try body()
  }

  private func makeWatchdog() -> WaitWatchdog {
    let store = group.store
    let watchdog = WaitWatchdog(period: min(5, group.timeout / .seconds(10))) {
      try? store.set(Self.waitingKey($0), [])
    }
    self.watchdog = watchdog
    return watchdog
  }

  /// Runs `body`, which needs the other ranks, and adds context to its error.
  ///
  /// - Parameters:
  ///   - operation: What `body` does, as a gerund phrase.
  ///   - pass: The index of the pass.
  ///   - body: The operation.
  /// - Returns: The result of `body`.
  /// - Throws: The error of `body`. A backend's error states what failed, in which pass, and what
  ///   an absent rank reported in the store.
  func describingErrors<Result>(
    of operation: @autoclosure () -> String, in pass: Int, _ body: () throws -> Result
  ) throws -> Result {
    do {
      return try body()
    } catch let error as CollectiveError where Self.backendCodes.contains(error.code) {
      // With a backend that compares calls, both ranks fail at once, and the report may not have
      // reached the store yet.
      let limit: Duration = error.code == .mismatch ? .seconds(1) : .zero
      let report = try? group.store.getString(Self.errorKey, timeout: limit)
      let mayBeUneven = error.code == .peerLost || error.code == .timedOut
      let reason =
        report ?? error.message
        + (mayBeUneven ? ". If ranks have different numbers of batches, use join" : "")
      throw CollectiveError(
        report == nil ? error.code : .mismatch,
        "\(operation()) failed in pass \(pass + 1): \(reason)", rank: group.rank, cause: error)
    }
  }
}
