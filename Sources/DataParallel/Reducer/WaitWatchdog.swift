internal import Dispatch
internal import Synchronization

/// Reports when this rank waits in one pass for a whole period or longer.
///
/// A wait costs two updates of a variable; the timer is shared by all passes.
final class WaitWatchdog: Sendable {
  private struct State {
    var waitingPass: Int?
    /// `waitingPass` when the timer last fired.
    var lastSeen: Int?
  }
  private let state = Mutex(State())
  private nonisolated(unsafe) let timer: any DispatchSourceTimer

  /// Starts the timer.
  ///
  /// - Parameters:
  ///   - period: The time between two checks, in seconds.
  ///   - report: Runs on the timer's queue, at each check that finds this rank waiting in the same
  ///     pass as the check before.
  init(period: Double, report: @escaping @Sendable (_ pass: Int) -> Void) {
    timer = DispatchSource.makeTimerSource()
    timer.schedule(deadline: .now() + period, repeating: period)
    timer.setEventHandler { [weak self] in
      if let pass = self?.overduePass() { report(pass) }
    }
    timer.resume()
  }

  deinit { timer.cancel() }

  /// Sets the pass in which this rank waits; `nil` if it does not wait.
  func setWaiting(in pass: Int?) { state.withLock { $0.waitingPass = pass } }

  private func overduePass() -> Int? {
    state.withLock { state in
      defer { state.lastSeen = state.waitingPass }
      return state.lastSeen == state.waitingPass ? state.waitingPass : nil
    }
  }
}
