internal import CSharedMemory
internal import Synchronization

/// Decides how long a wait polls before it sleeps.
///
/// A peer that is running responds within microseconds, and sleeping costs more than that. A peer
/// that is not running may need this thread's processor, so polling can delay it. Therefore an
/// unsuccessful poll halves the limit, and a successful one doubles it. Every 16th wait polls for
/// the full time, to notice that processors are free again.
final class AdaptiveSpin: Sendable {
  private static let longest: Int64 = 50_000
  private static let shortest: Int64 = 2_000
  private let isUseful: Bool
  private let limit = Atomic<Int64>(longest)
  private let waits = Atomic<Int64>(0)

  /// - Parameter isUseful: Whether there is a processor for each rank.
  init(isUseful: Bool) { self.isUseful = isUseful }

  /// Polls until the word reaches `value`; background work polls for the shortest time only.
  ///
  /// - Returns: Whether the word reached the value.
  func wait(for word: UnsafePointer<UInt64>, _ value: UInt64, _ isBackground: Bool) -> Bool {
    guard isUseful else { return false }
    if isBackground { return csm_spin_until(word, value, Self.shortest) != 0 }
    let limit = self.limit.load(ordering: .relaxed)
    let isProbe = waits.wrappingAdd(1, ordering: .relaxed).newValue % 16 == 0
    let hasReached = csm_spin_until(word, value, isProbe ? Self.longest : limit) != 0
    self.limit.store(
      hasReached ? min(limit * 2, Self.longest) : max(limit / 2, Self.shortest), ordering: .relaxed)
    return hasReached
  }
}
