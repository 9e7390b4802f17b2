extension Collective {
  /// Checks the arguments of one rank: counts, types, roots, tags, whether the operation supports
  /// the type, and whether the backend can access the memory.
  ///
  /// - Parameters:
  ///   - rank: The rank that starts the collective.
  ///   - worldSize: The number of ranks.
  ///   - memory: The memory that the backend accesses.
  /// - Throws: ``CollectiveError`` with code `invalidArgument`; nothing has been sent.
  public func validate(
    rank: Int, worldSize: Int, memory: ProcessGroupCapabilities.Memory = .host
  ) throws(CollectiveError) {
    if let problem = problem(rank: rank, worldSize: worldSize) ?? memoryProblem(memory) {
      throw CollectiveError(.invalidArgument, "\(name): \(problem)", rank: rank)
    }
  }

  /// The first invalid argument, as a sentence; `nil` if all are valid.
  private func problem(rank: Int, worldSize: Int) -> String? {
    if let root, !(0..<worldSize).contains(root) {
      return "the root is rank \(root), but ranks are 0 ..< \(worldSize)"
    }
    if let op, let type = inputs.first(where: { !op.supports($0.elementType) })?.elementType {
      return op.unsupportedMessage(for: type)
    }
    switch self {
    case .allReduce, .allReduceCoalesced, .reduce, .broadcast, .barrier: return nil
    case .reduceScatter(let whole, into: let part, _), .scatter(let whole?, into: let part, _):
      if let root, root != rank { return "only the root, rank \(root), passes an input" }
      return mismatch(part: part, whole: whole, worldSize)
    case .scatter(nil, into: _, let root):
      return root == rank ? "the root, rank \(root), has to pass an input" : nil
    case .allGather(let part, into: let whole), .gather(let part, into: let whole?, _):
      if let root, root != rank { return "only the root, rank \(root), passes an output" }
      return mismatch(part: part, whole: whole, worldSize)
    case .gather(_, into: nil, let root):
      return root == rank ? "the root, rank \(root), has to pass an output" : nil
    case .allGatherUneven(let input, into: let outputs):
      guard outputs.count == worldSize else {
        return "\(outputs.count) outputs for \(worldSize) ranks: pass one per rank"
      }
      if let other = outputs.first(where: { $0.elementType != input.elementType }) {
        return
          "the input is \(input.elementType), but an output is \(other.elementType): use one type"
      }
      return input.count == outputs[rank].count
        ? nil
        : "the input has \(input.count) elements, but output \(rank), this rank's own, has "
          + "\(outputs[rank].count)"
    case .allToAll(let inputs, into: let outputs):
      guard inputs.count == worldSize, outputs.count == worldSize else {
        return
          "\(inputs.count) inputs and \(outputs.count) outputs for \(worldSize) ranks: pass one of "
          + "each per rank"
      }
      if let other = (inputs + outputs).first(where: { $0.elementType != inputs[0].elementType }) {
        return "buffers are \(inputs[0].elementType) and \(other.elementType): use one type"
      }
      return inputs[rank].count == outputs[rank].count
        ? nil
        : "the input for this rank itself has \(inputs[rank].count) elements, but its output has "
          + "\(outputs[rank].count)"
    case .exchange(let transfers):
      for transfer in transfers {
        if !(0..<worldSize).contains(transfer.peer) || transfer.peer == rank {
          return "rank \(transfer.peer) is not another rank of 0 ..< \(worldSize)"
        }
        if !Transfer.tags.contains(transfer.tag) {
          return "tag \(transfer.tag) is not in 0 ..< \(Transfer.tags.upperBound)"
        }
      }
      return nil
    }
  }

  /// The first buffer that the backend cannot access, as a sentence; `nil` if it can access all.
  private func memoryProblem(_ memory: ProcessGroupCapabilities.Memory) -> String? {
    let gpu: Int? =
      switch memory {
      case .host: nil
      case .gpu(let index): index
      case .hostAndGPUs: self.gpu
      }
    guard let other = (inputs + outputs).first(where: { $0.gpu != gpu }) else { return nil }
    func name(_ gpu: Int?) -> String { gpu.map { "GPU \($0)" } ?? "the host" }
    return
      "a buffer is in memory of \(name(other.gpu)), but the backend works on \(name(gpu)): move "
      + "the tensor, or pass makeProcessGroup this rank's device to get a group for both"
  }

  private func mismatch(part: CollectiveBuffer, whole: CollectiveBuffer, _ worldSize: Int)
    -> String?
  {
    guard part.elementType == whole.elementType else {
      return "one buffer is \(part.elementType), the other \(whole.elementType): use one type"
    }
    return whole.count == part.count * worldSize
      ? nil
      : "\(worldSize) ranks with \(part.count) elements each need \(part.count * worldSize), not "
        + "\(whole.count)"
  }
}

extension ReduceOp {
  /// Returns whether the operation is defined for an element type.
  ///
  /// An average requires floating point. A bitwise operation requires integers or `bool`. For
  /// `bool`, a sum is "any" and a product is "all".
  public func supports(_ type: ElementType) -> Bool {
    switch self {
    case .sum, .product, .min, .max: true
    case .average: type.isFloatingPoint
    case .bitwiseAnd, .bitwiseOr, .bitwiseXor: !type.isFloatingPoint
    }
  }

  fileprivate func unsupportedMessage(for type: ElementType) -> String {
    self == .average
      ? "an average of \(type) is not \(type): compute the sum and divide, or convert first"
      : "\(type) does not support \(self): use sum, product, min, max or average"
  }
}

extension ProcessGroup {
  /// Returns this rank's number in a subgroup, or `nil` if it is not a member.
  ///
  /// - Throws: ``CollectiveError`` with code `invalidArgument` when `ranks` is empty, or holds a
  ///   rank twice or one that does not exist.
  public func rank(in ranks: [Int]) throws(CollectiveError) -> Int? {
    guard !ranks.isEmpty, Set(ranks).count == ranks.count,
      ranks.allSatisfy({ (0..<worldSize).contains($0) })
    else {
      throw CollectiveError(
        .invalidArgument,
        "a subgroup cannot have the ranks \(ranks): list ranks of 0 ..< \(worldSize), each once",
        rank: rank)
    }
    return ranks.firstIndex(of: rank)
  }
}
