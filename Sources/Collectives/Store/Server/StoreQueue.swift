/// A first-in, first-out queue whose `pop` takes amortized constant time.
struct StoreQueue {
  private var items: [[UInt8]] = []
  private var first = 0

  var count: Int { items.count - first }

  mutating func push(_ item: [UInt8]) {
    items.append(item)
  }

  mutating func pop() -> [UInt8]? {
    guard count > 0 else { return nil }
    let item = items[first]
    items[first] = []
    first += 1
    if first > items.count / 2 {
      items.removeFirst(first)
      first = 0
    }
    return item
  }
}
