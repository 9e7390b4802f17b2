internal import Dispatch
internal import Synchronization

/// Looks every few seconds whether a rank still waits in the pass that it waited in at the look before,
/// and has that published.
///
/// A pass costs two stores to memory, and no timer of its own.
final class LateNotice: Sendable {
  private struct State {
    var waiting: Int?
    var seen: Int?
  }
  private let state = Mutex(State())
  private nonisolated(unsafe) let timer: any DispatchSourceTimer

  /// Begins to look.
  init(everySeconds seconds: Double, publish: @escaping @Sendable (_ pass: Int) -> Void) {
    timer = DispatchSource.makeTimerSource()
    timer.schedule(deadline: .now() + seconds, repeating: seconds)
    timer.setEventHandler { [weak self] in
      if let pass = self?.latePass() { publish(pass) }
    }
    timer.resume()
  }

  deinit { timer.cancel() }

  /// The rank begins to wait in a pass, or, with `nil`, does not wait any longer.
  func setWaiting(_ pass: Int?) { state.withLock { $0.waiting = pass } }

  private func latePass() -> Int? {
    state.withLock { state in
      defer { state.seen = state.waiting }
      return state.seen == state.waiting ? state.waiting : nil
    }
  }
}
