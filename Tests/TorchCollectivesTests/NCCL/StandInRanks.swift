import Collectives
import NCCLStandIn
import Torch
import TorchCollectives

/// A simulated GPU: host memory and a stream of the stand-in.
final class StandInDevice: NCCLDevice {
  let gpu: Int?
  // Sendable: the stand-in has a lock, and the handle never changes.
  nonisolated(unsafe) private let stream = stand_in_stream_make()

  /// - Parameter gpu: The index of the simulated GPU; `nil` for the host.
  init(gpu: Int? = nil) { self.gpu = gpu }

  deinit { stand_in_stream_free(stream) }

  func enqueue(
    _ buffers: [CollectiveBuffer],
    _ body: (UnsafeMutableRawPointer?) throws(CollectiveError) -> Void
  ) throws(CollectiveError) -> any NCCLEvent {
    try body(stream.map { UnsafeMutableRawPointer($0) })
    return Event(device: self, position: stand_in_stream_position(stream))
  }

  func allocate(count: Int, elementType: ElementType) throws(CollectiveError) -> CollectiveBuffer {
    CollectiveBuffer(pretending: Tensor.zeros([count], dtype: elementType.dtype), gpu: gpu)
  }

  private final class Event: NCCLEvent {
    let device: StandInDevice
    let position: UInt64

    init(device: StandInDevice, position: UInt64) {
      self.device = device
      self.position = position
    }

    func isComplete() -> Bool { stand_in_stream_has_reached(device.stream, position) }
  }
}

extension CollectiveBuffer {
  /// A host tensor as simulated GPU memory.
  init(pretending tensor: Tensor, gpu: Int?) {
    self.init(
      address: tensor.dataAddress ?? UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1),
      count: tensor.count, elementType: ElementType(tensor.dtype), owner: tensor, gpu: gpu)
  }
}

/// Returns the stand-in as a library.
func standIn() throws(CollectiveError) -> NCCLLibrary {
  try NCCLLibrary(calls: stand_in_library())
}

/// Runs `body` once per rank, each on its own thread, in one group with the stand-in.
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

/// The code and message of a failure; empty for a success.
func failure<Value>(_ result: Result<Value, any Error>) -> String {
  do {
    _ = try result.get()
    return ""
  } catch {
    return "\((error as? CollectiveError)?.code.description ?? "?"): \(error)"
  }
}
