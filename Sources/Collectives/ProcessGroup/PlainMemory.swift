internal import Glibc

/// Zeroed memory of the process, aligned for vector instructions, freed with its last reference.
final class PlainMemory {
  private let bytes: UnsafeMutableRawBufferPointer

  init(byteCount: Int) {
    bytes = .allocate(byteCount: Swift.max(byteCount, 1), alignment: 64)
    if let base = bytes.baseAddress { memset(base, 0, bytes.count) }
  }

  deinit { bytes.deallocate() }

  func buffer(_ count: Int, _ elementType: ElementType) -> CollectiveBuffer {
    guard let address = bytes.baseAddress else {
      preconditionFailure("allocated memory has an address")
    }
    return CollectiveBuffer(address: address, count: count, elementType: elementType, owner: self)
  }
}
