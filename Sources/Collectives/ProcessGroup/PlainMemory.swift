internal import Glibc

/// Zeroed memory, aligned for vector instructions and freed with its last reference.
final class PlainMemory {
  private let bytes: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    bytes = .allocate(byteCount: Swift.max(byteCount, 1), alignment: 64)
    if let base = bytes.baseAddress { memset(base, 0, bytes.count) }
  }

  deinit { bytes.deallocate() }

  func buffer(_ count: Int, _ elementType: ElementType) -> CollectiveBuffer {
    guard let address = bytes.baseAddress else {
      preconditionFailure("allocated memory has no address")
    }
    return CollectiveBuffer(address: address, count: count, elementType: elementType, owner: self)
  }
}
