import Collectives
import NCCLStandIn
import Torch
import TorchCollectives

/// The host's memory in place of a GPU's, with a stream of the stand-in.
final class StandInDevice: NCCLDevice {
  let gpu: Int?
  // Sendable: the stand-in has a lock, and the handle never changes.
  nonisolated(unsafe) private let stream = stand_in_stream_make()

  /// - Parameter gpu: The GPU whose memory the host's is said to be; `nil` to say what it is.
  init(gpu: Int? = nil) { self.gpu = gpu }

  deinit { stand_in_stream_free(stream) }

  func enqueue(
    _ buffers: [CollectiveBuffer],
    _ body: (UnsafeMutableRawPointer?) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> any NCCLMark {
    try body(stream.map { UnsafeMutableRawPointer($0) })
    return Mark(device: self, place: stand_in_stream_mark(stream))
  }

  func allocate(count: Int, elementType: ElementType) throws(CollectiveError) -> CollectiveBuffer {
    CollectiveBuffer(pretending: Tensor(zeros: [count], dtype: elementType.dtype), gpu: gpu)
  }

  private final class Mark: NCCLMark {
    let device: StandInDevice
    let place: UInt64

    init(device: StandInDevice, place: UInt64) { (self.device, self.place) = (device, place) }

    func isReached() -> Bool { stand_in_stream_is_at(device.stream, place) }
  }
}

extension CollectiveBuffer {
  /// A tensor of the host that is said to be a GPU's.
  init(pretending tensor: Tensor, gpu: Int?) {
    self.init(
      address: tensor.dataAddress ?? UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1),
      count: tensor.count, elementType: ElementType(tensor.dtype), owner: tensor, gpu: gpu)
  }
}

/// The stand-in as a library.
func standIn() throws(CollectiveError) -> NCCLLibrary {
  try NCCLLibrary(calls: stand_in_library())
}

/// Runs `body` once for each rank, each on a thread of its own, in one group over the stand-in.
func attemptOnStandIn<Value: Sendable>(
  _ worldSize: Int, timeout: Duration = .seconds(30),
  _ body: @escaping @Sendable (NCCLProcessGroup) throws -> Value
) -> [Result<Value, any Error>] {
  let store = HashStore(timeout: timeout)
  return onRankThreads(worldSize) { rank in
    try body(
      NCCLProcessGroup(
        store: store, rank: rank, worldSize: worldSize, timeout: timeout, library: standIn(),
        device: StandInDevice()))
  }
}

/// The code of a failure, and its message; empty for a success.
func failure<Value>(_ result: Result<Value, any Error>) -> String {
  do {
    _ = try result.get()
    return ""
  } catch {
    return "\((error as? CollectiveError)?.code.description ?? "?"): \(error)"
  }
}
