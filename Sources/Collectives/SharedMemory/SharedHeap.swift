internal import CSharedMemory
internal import Synchronization

/// The room in the group's memory that one rank allocates buffers in.
final class SharedHeap: Sendable {
  let segment: SharedSegment
  private let rank: Int
  /// Free ranges by their beginning, none empty and none touching the next.
  private let free: Mutex<[Range<Int>]>

  /// Buffers begin at a large page, so that one is not slowed by its neighbours.
  private static let unit = 4096

  init(_ segment: SharedSegment, rank: Int) {
    (self.segment, self.rank) = (segment, rank)
    let start = segment.layout.heap(rank)
    free = Mutex([start..<start + segment.layout.heapBytes])
  }

  /// Takes room; nil if there is none.
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

  /// Gives room back, and its pages to the system.
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

/// A buffer in the group's memory; freed with its last reference, also after the group.
final class SharedAllocation: Sendable {
  private let heap: SharedHeap
  private let range: Range<Int>

  init(_ heap: SharedHeap, _ range: Range<Int>) { (self.heap, self.range) = (heap, range) }

  deinit { heap.release(range) }

  var address: UnsafeMutableRawPointer { heap.segment.base + range.lowerBound }
}
