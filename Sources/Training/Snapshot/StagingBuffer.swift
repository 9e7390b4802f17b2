internal import Foundation
internal import Glibc
internal import Torch

/// Memory that tensors are copied to, to be written while the training changes them.
///
/// It is used again for each snapshot, so that only the first one pays for fresh pages.
final class StagingBuffer {
  /// A region of memory; freed when neither the buffer nor a tensor uses it.
  private final class Region {
    let start: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) {
      let address = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard let address, address != MAP_FAILED else {
        preconditionFailure("no \(byteCount) bytes of memory for a copy of the snapshot")
      }
      // Fewer and larger pages make the first copy several times as fast; not all systems have them.
      madvise(address, byteCount, MADV_HUGEPAGE)
      start = address
      self.byteCount = byteCount
    }

    deinit { munmap(start, byteCount) }
  }

  private var region: Region?
  private static let alignment = 64

  /// Copies tensors from wherever they are.
  ///
  /// - Returns: The copies, valid until the next call.
  func copy(_ files: [String: StateDict]) -> [String: StateDict] {
    let byteCount = files.values.joined().reduce(0) { $0 + Self.room(for: $1.value) }
    if byteCount > region?.byteCount ?? 0 {
      region = nil
      region = Region(byteCount: byteCount)
    }
    guard let region else { return files }
    var offset = 0
    return withoutGradients {
      files.mapValues { tensors in
        tensors.mapValues { tensor in
          guard tensor.count > 0 else { return tensor }
          let copy = Tensor(
            memory: region.start + offset, shape: tensor.shape, dtype: tensor.dtype, owner: region)
          offset += Self.room(for: tensor)
          copy.copy(from: tensor)
          return copy
        }
      }
    }
  }

  private static func room(for tensor: Tensor) -> Int {
    (tensor.byteCount + alignment - 1) / alignment * alignment
  }
}
