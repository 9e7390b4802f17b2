internal import CSharedMemory
internal import Synchronization

/// Allocates one rank's buffers in the shared memory.
final class SharedHeap: Sendable {
  let segment: SharedSegment
  /// Free ranges in ascending order; none is empty, and no two are adjacent.
  private let free: Mutex<[Range<Int>]>

  /// Buffers begin at a page.
  private static let unit = 4096

  init(_ segment: SharedSegment, rank: Int) {
    self.segment = segment
    let start = segment.layout.heap(rank)
    free = Mutex([start..<start + segment.layout.heapBytes])
  }

  /// Allocates a buffer; `nil` if no free range is large enough.
  func allocate(_ byteCount: Int) -> SharedAllocation? {
    let size = max(rounded(byteCount, to: Self.unit), Self.unit)
    let offset = free.withLock { free -> Int? in
      guard let index = free.firstIndex(where: { $0.count >= size }) else { return nil }
      let start = free[index].lowerBound
      if free[index].count == size {
        free.remove(at: index)
      } else {
        free[index] = start + size..<free[index].upperBound
      }
      return start
    }
    return offset.map { SharedAllocation(self, $0..<$0 + size) }
  }

  /// Frees a buffer, and returns its pages to the system.
  func release(_ range: Range<Int>) {
    csm_discard(segment.base + range.lowerBound, range.count)
    free.withLock { free in
      let index = free.firstIndex { $0.lowerBound >= range.upperBound } ?? free.count
      var merged = range
      if index < free.count, free[index].lowerBound == merged.upperBound {
        merged = merged.lowerBound..<free.remove(at: index).upperBound
      }
      if index > 0, free[index - 1].upperBound == merged.lowerBound {
        free[index - 1] = free[index - 1].lowerBound..<merged.upperBound
      } else {
        free.insert(merged, at: index)
      }
    }
  }
}

/// A buffer in the shared memory; freed with its last reference, even after the group.
final class SharedAllocation: Sendable {
  private let heap: SharedHeap
  private let range: Range<Int>

  init(_ heap: SharedHeap, _ range: Range<Int>) {
    self.heap = heap
    self.range = range
  }

  deinit { heap.release(range) }

  var address: UnsafeMutableRawPointer { heap.segment.base + range.lowerBound }
}
