internal import CTorch
package import Collectives
internal import Torch

/// A GPU, with a stream of its own for collectives.
package final class GPUDevice: NCCLDevice {
  package let gpu: Int?
  // Sendable: libtorch's stream is a number, and the handle never changes.
  nonisolated(unsafe) private let stream: ct_side_stream

  package init(gpu: Int) throws(CollectiveError) {
    var made: ct_side_stream?
    try check(ct_side_stream_create(Device.Kind.cuda.rawValue, Int32(gpu), &made))
    guard let made else { preconditionFailure("a stream without a handle") }
    (self.gpu, stream) = (gpu, made)
  }

  deinit { ct_side_stream_release(stream) }

  package func enqueue(
    _ buffers: [CollectiveBuffer],
    _ body: (UnsafeMutableRawPointer?) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> any NCCLMark {
    var native: UnsafeMutableRawPointer?
    var previous: Int32 = 0
    try check(ct_side_stream_begin(stream, &native, &previous))
    defer { takeMessage(ct_side_stream_end(stream, previous)) }
    for case let tensor as Tensor in buffers.lazy.map(\.owner) {
      try check(ct_side_stream_record_tensor(stream, tensor.unsafeHandle))
    }
    try body(native)
    var mark: ct_event?
    try check(ct_side_stream_record_event(stream, &mark))
    guard let mark else { preconditionFailure("a mark without a handle") }
    return Mark(mark)
  }

  package func allocate(count: Int, elementType: ElementType) throws(CollectiveError)
    -> CollectiveBuffer
  {
    let device = Device.cuda(gpu ?? 0)
    do {
      return try CollectiveBuffer(
        try catchingTorchErrors {
          Tensor(zeros: [count], dtype: elementType.dtype, device: device)
        })
    } catch let error as CollectiveError {
      throw error
    } catch {
      throw CollectiveError(.failed, "no memory on \(device): \(error)", cause: error)
    }
  }

  private final class Mark: NCCLMark {
    // Sendable: the handle never changes, and CUDA's events may be asked by any thread.
    nonisolated(unsafe) private let handle: ct_event

    init(_ handle: ct_event) { self.handle = handle }

    deinit { ct_event_release(handle) }

    func isReached() throws(CollectiveError) -> Bool {
      var reached = false
      try check(ct_event_query(handle, &reached))
      return reached
    }
  }
}

private func check(_ error: ct_error?) throws(CollectiveError) {
  if let message = takeMessage(error) {
    throw CollectiveError(.failed, "the GPU failed: \(message)")
  }
}

@discardableResult
private func takeMessage(_ error: ct_error?) -> String? { error.map { takeEngineMessage($0) } }
