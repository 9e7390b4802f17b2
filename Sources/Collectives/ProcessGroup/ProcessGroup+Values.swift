extension ProcessGroup {
  /// The combination of all ranks' numbers, place by place.
  ///
  /// - Parameters:
  ///   - values: As many on every rank.
  ///   - op: How they are combined.
  /// - Returns: As many numbers, the same on every rank.
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late.
  public func allReduce<Element: CollectiveElement>(_ values: [Element], _ op: ReduceOp = .sum)
    throws(CollectiveError) -> [Element]
  {
    let memory = CollectiveMemory(values)
    try allReduce(memory.buffer, op)
    return memory.values
  }

  /// All ranks' numbers, in the order of the ranks.
  ///
  /// - Parameter values: Any number of them on each rank; the counts are exchanged first.
  /// - Returns: A list for each rank.
  /// - Throws: ``CollectiveError`` when a peer has gone or is too late.
  public func allGather<Element: CollectiveElement>(_ values: [Element]) throws(CollectiveError)
    -> [[Element]]
  {
    let counts = try allGather(even: [values.count])
    let longest = counts.max() ?? 0
    guard longest > 0, let filler = values.first ?? zero(Element.self) else {
      return counts.map { _ in [] }
    }
    let padded = values + Array(repeating: filler, count: longest - values.count)
    let all = try allGather(even: padded)
    return counts.enumerated().map { rank, count in
      Array(all[rank * longest..<rank * longest + count])
    }
  }

  /// The values of `root`, on every rank; what the others give does not matter.
  public func broadcast<Element: CollectiveElement>(_ values: [Element], from root: Int = 0)
    throws(CollectiveError) -> [Element]
  {
    let count = CollectiveMemory([values.count])
    try broadcast(count.buffer, from: root)
    guard let filler = values.first ?? zero(Element.self), count.values[0] > 0 else { return [] }
    let memory = CollectiveMemory(
      rank == root ? values : Array(repeating: filler, count: count.values[0]))
    try broadcast(memory.buffer, from: root)
    return memory.values
  }

  private func allGather<Element: CollectiveElement>(even values: [Element])
    throws(CollectiveError) -> [Element]
  {
    let input = CollectiveMemory(values)
    let output = CollectiveMemory(Array(repeatElement(values, count: worldSize).joined()))
    try startAllGather(input.buffer, into: output.buffer).wait()
    return output.values
  }

  /// All bits zero, which is the number 0 in every element type.
  private func zero<Element: CollectiveElement>(_ type: Element.Type) -> Element? {
    withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { memory in
      UnsafeMutableRawBufferPointer(memory).initializeMemory(as: UInt8.self, repeating: 0)
      return memory.first
    }
  }
}
