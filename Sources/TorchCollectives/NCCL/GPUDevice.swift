internal import CTorch
package import Collectives
internal import Torch

/// A GPU with a separate stream for collectives.
package final class GPUDevice: NCCLDevice {
  package let gpu: Int?
  // Sendable: libtorch's stream is an integer, and the handle never changes.
  nonisolated(unsafe) private let stream: ct_side_stream

  package init(gpu: Int) throws(CollectiveError) {
    var created: ct_side_stream?
    try check(ct_side_stream_create(Device.Kind.cuda.rawValue, Int32(gpu), &created))
    guard let created else { preconditionFailure("libtorch returned no handle for the stream") }
    self.gpu = gpu
    stream = created
  }

  deinit { ct_side_stream_release(stream) }

  package func enqueue(
    _ buffers: [CollectiveBuffer],
    _ body: (UnsafeMutableRawPointer?) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> any NCCLEvent {
    var native: UnsafeMutableRawPointer?
    var previous: Int32 = 0
    try check(ct_side_stream_begin(stream, &native, &previous))
    defer { takeMessage(ct_side_stream_end(stream, previous)) }
    for case let tensor as Tensor in buffers.lazy.map(\.owner) {
      try check(ct_side_stream_record_tensor(stream, tensor.unsafeHandle))
    }
    try body(native)
    var event: ct_event?
    try check(ct_side_stream_record_event(stream, &event))
    guard let event else { preconditionFailure("libtorch returned no handle for the event") }
    return Event(event)
  }

  package func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    let device = Device.cuda(gpu ?? 0)
    do {
      return try CollectiveBuffer(
        try catchingTorchErrors {
          Tensor.zeros([count], dtype: elementType.dtype, device: device)
        })
    } catch let error as CollectiveError {
      throw error
    } catch {
      throw CollectiveError(.failed, "cannot allocate memory on \(device): \(error)", cause: error)
    }
  }

  private final class Event: NCCLEvent {
    // Sendable: the handle never changes, and any thread may query CUDA events.
    nonisolated(unsafe) private let handle: ct_event

    init(_ handle: ct_event) { self.handle = handle }

    deinit { ct_event_release(handle) }

    func isComplete() throws(CollectiveError) -> Bool {
      var isComplete = false
      try check(ct_event_query(handle, &isComplete))
      return isComplete
    }
  }
}

private func check(_ error: ct_error?) throws(CollectiveError) {
  if let message = takeMessage(error) {
    throw CollectiveError(.failed, "the GPU failed: \(message)")
  }
}

@discardableResult
private func takeMessage(_ error: ct_error?) -> String? { error.map { takeErrorMessage($0) } }
