package import CNCCL
package import Collectives

/// NCCL's values for a reduction of elements of a type.
package struct NCCLReduction: Equatable, Sendable {
  package let type: cnccl_type
  package let op: cnccl_op

  /// - Throws: ``CollectiveError`` with code `invalidArgument` for reductions that NCCL lacks:
  ///   those of int16, and bitwise operations on integers.
  package init(_ op: ReduceOp, of type: ElementType, rank: Int? = nil) throws(CollectiveError) {
    func unsupported(_ remedy: String) -> CollectiveError {
      CollectiveError(
        .invalidArgument, "NCCL has no \(op) of \(type): \(remedy), or reduce a copy on the CPU",
        rank: rank)
    }
    guard let ncclType = type.ncclType else { throw unsupported("convert to int32 first") }
    self.type = ncclType
    switch (op, type) {
    // Booleans are bytes with the values 0 and 1.
    case (.sum, .bool), (.bitwiseOr, .bool), (.max, _): self.op = NCCLOp.max
    case (.product, .bool), (.bitwiseAnd, .bool), (.min, _): self.op = NCCLOp.min
    case (.sum, _): self.op = NCCLOp.sum
    case (.product, _): self.op = NCCLOp.product
    case (.average, _): self.op = NCCLOp.average
    case (.bitwiseXor, .bool):
      throw unsupported("compute the sum as int32 and check whether it is odd")
    case (.bitwiseAnd, _), (.bitwiseOr, _), (.bitwiseXor, _):
      throw unsupported("gather the elements and combine them")
    }
  }
}

extension NCCLReduction {
  /// The reductions that NCCL lacks.
  static let unsupported: Set<ProcessGroupCapabilities.Reduction> = {
    var unsupported: Set<ProcessGroupCapabilities.Reduction> = []
    for type in ElementType.allCases {
      for op in ReduceOp.allCases
      where op.supports(type) && (try? NCCLReduction(op, of: type)) == nil {
        unsupported.insert(ProcessGroupCapabilities.Reduction(op, type))
      }
    }
    return unsupported
  }()
}

/// The values of `ncclRedOp_t`.
package enum NCCLOp {
  package static let sum: cnccl_op = 0
  package static let product: cnccl_op = 1
  package static let max: cnccl_op = 2
  package static let min: cnccl_op = 3
  package static let average: cnccl_op = 4
}

extension ElementType {
  /// The value in `ncclDataType_t`; `nil` for int16, which NCCL lacks.
  package var ncclType: cnccl_type? {
    switch self {
    case .int8: 0
    case .uint8, .bool: 1
    case .int32: 2
    case .int64: 4
    case .float16: 6
    case .float32: 7
    case .float64: 8
    case .bfloat16: 9
    case .int16: nil
    }
  }

  /// The type for collectives that do not reduce: bytes.
  static let ncclBytes: cnccl_type = 1
}
