/// Passes numbered elements from several producer threads to one consumer, in the order of their
/// numbers.
///
/// Its capacity bounds how far producers run ahead of the consumer.
package final class OrderedQueue<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Int: Element] = [:]
    var next = 0
    var isClosed = false
  }

  private let capacity: Int
  private let state = Monitor(State())

  /// Creates an empty queue for at most `capacity` waiting elements.
  package init(capacity: Int) { self.capacity = capacity }

  /// Waits until fewer than `capacity` elements precede this one, and adds it.
  ///
  /// The wait ends when the consumer takes an element or closes the queue.
  ///
  /// - Parameters:
  ///   - element: The element.
  ///   - number: Its number, counted from 0; each number is added exactly once.
  /// - Returns: Whether it was added: false when the queue is closed.
  package func put(_ element: Element, at number: Int) -> Bool {
    let isAdded = state.wait { state -> Bool? in
      if state.isClosed { return false }
      if number >= state.next + capacity { return nil }
      state.elements[number] = element
      return true
    }
    if isAdded { state.wake() }
    return isAdded
  }

  /// Waits for the next element and removes it, or returns `nil` after `timeout`.
  package func take(timeout: Duration) -> Element? {
    let element = state.wait(until: Deadline(after: timeout)) { state -> Element? in
      guard let element = state.elements.removeValue(forKey: state.next) else { return nil }
      state.next += 1
      return element
    }
    if element != nil { state.wake() }
    return element
  }

  /// Discards the waiting elements and refuses new ones.
  package func close() {
    state.change { state in
      state.isClosed = true
      state.elements = [:]
    }
  }
}
