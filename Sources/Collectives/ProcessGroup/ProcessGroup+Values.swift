extension ProcessGroup {
  /// Returns the element-wise reduction over all ranks; all ranks pass the same number of values.
  public func allReduce<Element: CollectiveElement>(
    _ values: [Element], _ op: ReduceOp = .sum, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> [Element] {
    let memory = CollectiveMemory(values)
    try allReduce(memory.buffer, op, file: file, line: line)
    return memory.values
  }

  /// Returns the values of all ranks, one array per rank.
  ///
  /// Counts may differ; they are exchanged first.
  public func allGather<Element: CollectiveElement>(
    _ values: [Element], file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> [[Element]] {
    let counts = CollectiveMemory(Array(repeating: 0, count: worldSize))
    let mine = CollectiveMemory([values.count])
    try allGather(mine.buffer, into: counts.buffer, file: file, line: line)
    let lists = counts.values.map { CollectiveMemory(Element.self, count: $0) }
    let input = CollectiveMemory(values)
    try allGather(input.buffer, into: lists.map(\.buffer), file: file, line: line)
    return lists.map(\.values)
  }

  /// Returns the values of `root` on every rank; values of other ranks are ignored.
  public func broadcast<Element: CollectiveElement>(
    _ values: [Element], from root: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) throws(CollectiveError) -> [Element] {
    let count = CollectiveMemory([values.count])
    try broadcast(count.buffer, from: root, file: file, line: line)
    let memory =
      rank == root
      ? CollectiveMemory(values) : CollectiveMemory(Element.self, count: count.values[0])
    try broadcast(memory.buffer, from: root, file: file, line: line)
    return memory.values
  }
}
