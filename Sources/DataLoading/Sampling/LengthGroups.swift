/// Groups samples of similar length, as Hugging Face's `get_length_grouped_indices` does.
struct LengthGroups: Sendable {
  let lengths: [Int]
  let batchSize: Int

  /// Returns a shuffled order, sorted by descending length within blocks of several batches.
  func order(_ shuffled: [Int]) -> [Int] {
    let block = max(1, min(lengths.count / (batchSize * 4), 50)) * batchSize
    var order: [Int] = []
    order.reserveCapacity(shuffled.count)
    var longest = 0
    for start in stride(from: 0, to: shuffled.count, by: block) {
      let part = shuffled[start..<min(start + block, shuffled.count)]
      // Break ties by position: the sort must be stable.
      let sorted = part.enumerated().sorted {
        let first = lengths[$0.element]
        let second = lengths[$1.element]
        return first != second ? first > second : $0.offset < $1.offset
      }
      order += sorted.lazy.map(\.element)
      if lengths[order[start]] > lengths[order[longest]] { longest = start }
    }
    if longest > 0 { order.swapAt(0, longest) }
    return order
  }
}
