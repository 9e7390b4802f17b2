internal import CSharedMemory
internal import Synchronization

/// How long a wait looks before it sleeps.
///
/// A peer that runs answers within microseconds, and sleeping costs more than that. But a peer that has
/// no processor answers only when it is given one, perhaps this one: so looking in vain halves the time, and
/// a find doubles it. Every 16th wait takes the full time, to notice that processors are free again.
final class Spinning: Sendable {
  private static let longest: Int64 = 50_000
  private static let shortest: Int64 = 2_000
  private let isUseful: Bool
  private let limit = Atomic<Int64>(longest)
  private let waits = Atomic<Int64>(0)

  /// - Parameter isUseful: Whether there is a processor for each rank.
  init(isUseful: Bool) { self.isUseful = isUseful }

  /// Whether the word has come so far while this looked; background work hardly looks at all.
  func wait(for word: UnsafePointer<UInt64>, _ value: UInt64, _ isBackground: Bool) -> Bool {
    guard isUseful else { return false }
    if isBackground { return csm_spin_until(word, value, Self.shortest) != 0 }
    let limit = self.limit.load(ordering: .relaxed)
    let isProbe = waits.wrappingAdd(1, ordering: .relaxed).newValue % 16 == 0
    let isThere = csm_spin_until(word, value, isProbe ? Self.longest : limit) != 0
    self.limit.store(
      isThere ? min(limit * 2, Self.longest) : max(limit / 2, Self.shortest), ordering: .relaxed)
    return isThere
  }
}
