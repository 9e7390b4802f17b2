/// A thread that runs work items one at a time, in the order in which they were added.
///
/// The thread starts with the first item. It ends when the object is released and all items have
/// run.
package final class SerialThread: Sendable {
  private struct State {
    var items: [@Sendable () -> Void] = []
    var hasThread = false
    var isReleased = false
  }

  private let name: String
  private let state = Monitor(State())

  /// Creates a queue without a thread.
  ///
  /// - Parameter name: The name that debuggers show for the thread.
  package init(name: String) { self.name = name }

  deinit { state.change { $0.isReleased = true } }

  /// Adds an item and returns at once.
  ///
  /// - Throws: ``SystemError`` when the thread cannot start; the item then does not run.
  package func run(_ item: @escaping @Sendable () -> Void) throws(SystemError) {
    try state.change { (state) throws(SystemError) in
      if !state.hasThread {
        try NativeThread.start(name: name) { [monitor = self.state] in
          while let item = Self.nextItem(monitor) { item() }
        }.detach()
        state.hasThread = true
      }
      state.items.append(item)
    }
  }

  /// Waits for the next item; `nil` when no more can follow.
  private static func nextItem(_ monitor: Monitor<State>) -> (@Sendable () -> Void)? {
    monitor.wait { state -> Optional<(@Sendable () -> Void)?> in
      if !state.items.isEmpty { return .some(state.items.removeFirst()) }
      return state.isReleased ? .some(nil) : nil
    }
  }
}
