internal import Foundation
internal import Glibc
internal import Torch

/// Memory for copies of tensors, which are written to disk while training changes the originals.
///
/// The buffer is reused for every snapshot. Copying into fresh pages is several times slower, so
/// ``prepare(byteCount:)`` allocates and touches them before the first snapshot.
///
/// `@unchecked Sendable`: the training thread and the writer thread never use it at the same time,
/// because training waits for the writer before it copies.
final class StagingBuffer: @unchecked Sendable {
  /// A region of memory; it is freed when neither the buffer nor a tensor refers to it.
  private final class Region {
    let start: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) {
      let address = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let address, address != MAP_FAILED else {
        preconditionFailure("cannot allocate \(byteCount) bytes for a copy of the snapshot")
      }
      // Huge pages make the first copy several times faster; not all systems provide them.
      madvise(address, byteCount, MADV_HUGEPAGE)
      start = address
      self.byteCount = byteCount
    }

    deinit { munmap(start, byteCount) }
  }

  private var region: Region?
  private static let pageSize = 4096
  private static let alignment = 64

  /// Allocates memory and touches all its pages.
  func prepare(byteCount: Int) {
    guard let region = grow(to: byteCount) else { return }
    for offset in stride(from: 0, to: region.byteCount, by: Self.pageSize) {
      region.start.storeBytes(of: 0, toByteOffset: offset, as: UInt8.self)
    }
  }

  /// Returns the size of the buffer that copies of these tensors need.
  static func byteCount(of files: some Collection<StateDict>) -> Int {
    files.joined().reduce(0) { $0 + alignedByteCount(for: $1.value) }
  }

  /// Returns the region, reallocated if it is too small; `nil` for 0 bytes.
  private func grow(to byteCount: Int) -> Region? {
    if byteCount > region?.byteCount ?? 0 {
      region = nil
      region = Region(byteCount: byteCount)
    }
    return region
  }

  /// Copies tensors from any device.
  ///
  /// - Returns: The copies, valid until the next call.
  func copy(_ files: [String: StateDict]) -> [String: StateDict] {
    guard let region = grow(to: Self.byteCount(of: files.values)) else { return files }
    var offset = 0
    return noGrad {
      files.mapValues { tensors in
        tensors.mapValues { tensor in
          guard tensor.count > 0 else { return tensor }
          let copy = Tensor(
            memory: region.start + offset, shape: tensor.shape, dtype: tensor.dtype, owner: region)
          offset += Self.alignedByteCount(for: tensor)
          copy.copy_(tensor)
          return copy
        }
      }
    }
  }

  private static func alignedByteCount(for tensor: Tensor) -> Int {
    (tensor.byteCount + alignment - 1) / alignment * alignment
  }
}
