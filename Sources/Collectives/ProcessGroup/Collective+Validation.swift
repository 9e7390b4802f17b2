extension Collective {
  /// Checks what one rank can see: counts, types, roots, tags, that the operation suits the type, and
  /// that the memory is where the engine works.
  ///
  /// - Parameters:
  ///   - rank: The rank that starts it.
  ///   - worldSize: The number of ranks.
  ///   - gpu: The GPU that the engine works on; `nil` for the host.
  /// - Throws: ``CollectiveError`` with code `invalidArgument`; nothing has been sent then.
  public func validate(rank: Int, worldSize: Int, onGPU gpu: Int? = nil) throws(CollectiveError) {
    if let problem = problem(rank: rank, worldSize: worldSize) ?? strayMemory(from: gpu) {
      throw CollectiveError(.invalidArgument, "\(name): \(problem)", rank: rank)
    }
  }

  /// What is wrong, as a sentence; `nil` if nothing is.
  private func problem(rank: Int, worldSize: Int) -> String? {
    if let root, !(0..<worldSize).contains(root) {
      return "there is no rank \(root) among \(worldSize) to be the root"
    }
    if let op, let type = inputs.first(where: { !op.suits($0.elementType) })?.elementType {
      return op.complaint(about: type)
    }
    switch self {
    case .allReduce, .allReduceCoalesced, .reduce, .broadcast, .barrier: return nil
    case .reduceScatter(let whole, into: let part, _), .scatter(let whole?, into: let part, _):
      if let root, root != rank { return "only the root, rank \(root), gives an input" }
      return mismatch(part: part, whole: whole, worldSize)
    case .scatter(nil, into: _, let root):
      return root == rank ? "the root, rank \(root), has to give an input" : nil
    case .allGather(let part, into: let whole), .gather(let part, into: let whole?, _):
      if let root, root != rank { return "only the root, rank \(root), takes an output" }
      return mismatch(part: part, whole: whole, worldSize)
    case .gather(_, into: nil, let root):
      return root == rank ? "the root, rank \(root), has to take an output" : nil
    case .allGatherUneven(let input, into: let outputs):
      guard outputs.count == worldSize else {
        return "needs an output for each of \(worldSize) ranks, not \(outputs.count)"
      }
      if let other = outputs.first(where: { $0.elementType != input.elementType }) {
        return "the input is \(input.elementType), but an output is \(other.elementType)"
      }
      return input.count == outputs[rank].count
        ? nil : "gives \(input.count) numbers, but output \(rank) takes \(outputs[rank].count)"
    case .allToAll(let inputs, into: let outputs):
      guard inputs.count == worldSize, outputs.count == worldSize else {
        return
          "needs an input and an output for each of \(worldSize) ranks, not \(inputs.count) and "
          + "\(outputs.count)"
      }
      if let other = (inputs + outputs).first(where: { $0.elementType != inputs[0].elementType }) {
        return "buffers are both \(inputs[0].elementType) and \(other.elementType)"
      }
      return inputs[rank].count == outputs[rank].count
        ? nil
        : "gives itself \(inputs[rank].count) numbers, but takes \(outputs[rank].count) of them"
    case .exchange(let transfers):
      for transfer in transfers {
        if !(0..<worldSize).contains(transfer.peer) || transfer.peer == rank {
          return "rank \(transfer.peer) is no peer of rank \(rank) among \(worldSize)"
        }
        if !Transfer.tags.contains(transfer.tag) {
          return "tag \(transfer.tag) is not within 0 ..< \(Transfer.tags.upperBound)"
        }
      }
      return nil
    }
  }

  private func strayMemory(from gpu: Int?) -> String? {
    func isStray(_ buffer: CollectiveBuffer) -> Bool { buffer.gpu != gpu }
    guard let stray = inputs.first(where: isStray) ?? outputs.first(where: isStray) else {
      return nil
    }
    func place(_ gpu: Int?) -> String { gpu.map { "GPU \($0)" } ?? "the host" }
    return "memory of \(place(stray.gpu)) cannot be moved by an engine on \(place(gpu)): move the "
      + "tensor there, or give makeProcessGroup this rank's device, whose group takes the GPU's and "
      + "the host's"
  }

  private func mismatch(part: CollectiveBuffer, whole: CollectiveBuffer, _ worldSize: Int)
    -> String?
  {
    guard part.elementType == whole.elementType else {
      return "\(part.elementType) and \(whole.elementType) do not go together"
    }
    return whole.count == part.count * worldSize
      ? nil
      : "\(worldSize) ranks with \(part.count) numbers each make \(part.count * worldSize), not "
        + "\(whole.count)"
  }
}

extension ReduceOp {
  /// Whether numbers of a type can be combined so.
  ///
  /// Averages are for floating point, bits for integers and `bool`. In `bool` the sum is "any" and the
  /// product is "all".
  public func suits(_ type: ElementType) -> Bool {
    switch self {
    case .sum, .product, .min, .max: true
    case .average: type.isFloatingPoint
    case .bitwiseAnd, .bitwiseOr, .bitwiseXor: !type.isFloatingPoint
    }
  }

  fileprivate func complaint(about type: ElementType) -> String {
    self == .average
      ? "the average of \(type) is not \(type): take the sum and divide, or convert first"
      : "\(type) has no \(self): use sum, product, min, max or average"
  }
}

extension ProcessGroup {
  /// This rank's place among the members of a sub-group, `nil` if it is none of them; throws
  /// `invalidArgument` for ranks that do not exist or come twice.
  public func place(in ranks: [Int]) throws(CollectiveError) -> Int? {
    guard !ranks.isEmpty, Set(ranks).count == ranks.count,
      ranks.allSatisfy({ (0..<worldSize).contains($0) })
    else {
      throw CollectiveError(
        .invalidArgument,
        "a sub-group of the ranks \(ranks): name ranks of 0 ..< \(worldSize), each once", rank: rank
      )
    }
    return ranks.firstIndex(of: rank)
  }
}
