package import Collectives

/// A device that NCCL works on, with a stream separate from the program's.
package protocol NCCLDevice: Sendable {
  /// The index of the GPU; `nil` for the host, which the NCCL stand-in of tests uses.
  var gpu: Int? { get }

  /// Calls `body` to enqueue work on the side stream of this device.
  ///
  /// The work runs after everything that the program has enqueued so far, and concurrently with
  /// what it enqueues later.
  ///
  /// - Parameters:
  ///   - buffers: The memory that the work accesses; it is not reused before the work completes,
  ///     even if its owners are released.
  ///   - body: Receives the stream.
  /// - Returns: An event that completes after the work.
  /// - Throws: ``CollectiveError`` with code `failed`, and errors of `body`.
  func enqueue(
    _ buffers: [CollectiveBuffer],
    _ body: (UnsafeMutableRawPointer?) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> any NCCLEvent

  /// Allocates zeroed memory on the device.
  func allocate(count: Int, elementType: ElementType) throws(CollectiveError) -> CollectiveBuffer
}

/// An event in a device's side stream.
package protocol NCCLEvent: AnyObject, Sendable {
  /// Returns whether the device has completed the work before the event.
  ///
  /// - Throws: ``CollectiveError`` with code `failed` when the device has failed.
  func isComplete() throws(CollectiveError) -> Bool
}
