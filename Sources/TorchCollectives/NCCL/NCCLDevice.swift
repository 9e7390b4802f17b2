package import Collectives

/// Where NCCL works, and what it needs to know of that: a stream beside the one that the program uses.
package protocol NCCLDevice: Sendable {
  /// The GPU; `nil` for the host, where a stand-in of NCCL works.
  var gpu: Int? { get }

  /// Runs `body`, which enqueues work, on this device and with its side stream. That work runs after all that
  /// the program has enqueued so far, and beside what comes later.
  ///
  /// - Parameters:
  ///   - buffers: The memory of the work, which is kept for it even if its owners go.
  ///   - body: Is given the stream.
  /// - Returns: A mark behind the work.
  /// - Throws: ``CollectiveError`` with code `failed`, and what `body` throws.
  func enqueue(
    _ buffers: [CollectiveBuffer],
    _ body: (UnsafeMutableRawPointer?) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> any NCCLMark

  /// Memory on the device, filled with zeros.
  func allocate(count: Int, elementType: ElementType) throws(CollectiveError) -> CollectiveBuffer
}

/// A place in a device's side stream.
package protocol NCCLMark: AnyObject, Sendable {
  /// Whether the device has come to it.
  ///
  /// - Throws: ``CollectiveError`` with code `failed` when the device has failed.
  func isReached() throws(CollectiveError) -> Bool
}
