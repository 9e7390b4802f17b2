import Support

/// A collective, encoded in one word.
///
/// Ranks compare the words to detect that they started different collectives.
struct SharedCall: Equatable, CustomStringConvertible {
  enum Kind: UInt64 {
    case allReduce = 1, reduce, reduceScatter, allGather, allToAll, broadcast, gather, scatter,
      barrier
  }

  let kind: Kind
  var elementType: ElementType = .uint8
  var op: ReduceOp = .sum
  var root = 0
  /// The number of elements, where it has to be equal on all ranks; 0 otherwise.
  var count = 0

  var word: UInt64 {
    let type = UInt64(ElementType.allCases.firstIndex(of: elementType) ?? 0)
    let op = UInt64(ReduceOp.allCases.firstIndex(of: op) ?? 0)
    return kind.rawValue << 56 | type << 52 | op << 48 | UInt64(root & 0xffff) << 32
      | UInt64(count & 0xffff_ffff)
  }

  init(
    _ kind: Kind, _ elementType: ElementType = .uint8, _ op: ReduceOp = .sum, root: Int = 0,
    count: Int = 0
  ) {
    self.kind = kind
    self.elementType = elementType
    self.op = op
    self.root = root
    self.count = count
  }

  init?(word: UInt64) {
    let type = Int(word >> 52 & 15)
    let op = Int(word >> 48 & 15)
    guard let kind = Kind(rawValue: word >> 56), type < ElementType.allCases.count,
      op < ReduceOp.allCases.count
    else { return nil }
    self.init(
      kind, ElementType.allCases[type], ReduceOp.allCases[op], root: Int(word >> 32 & 0xffff),
      count: Int(word & 0xffff_ffff))
  }

  var description: String {
    switch kind {
    case .barrier: "barrier"
    case .allReduce, .reduceScatter: "\(kind) (\(op)) of \(count) \(elementType)"
    case .reduce: "reduce (\(op)) of \(count) \(elementType) to rank \(root)"
    case .allGather, .allToAll: "\(kind) of \(elementType)"
    case .broadcast: "broadcast of \(count) \(elementType) from rank \(root)"
    case .gather, .scatter: "\(kind) of \(count) \(elementType) with root \(root)"
    }
  }
}

/// A call in progress.
struct RunningCall {
  /// The call's number in the group, equal on all ranks.
  let number: UInt64
  let call: SharedCall
  let deadline: Deadline
  /// Whether it runs beside the program's own work, which polling would slow down.
  let isBackground: Bool
}
