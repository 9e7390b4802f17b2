package import CNCCL
package import Collectives

/// How NCCL is told to combine numbers of a type.
package struct NCCLReduction: Equatable, Sendable {
  package let type: cnccl_type
  package let op: cnccl_op

  /// - Throws: ``CollectiveError`` with code `invalidArgument` for what NCCL does not combine: int16, and bits
  ///   of integers.
  package init(_ op: ReduceOp, of type: ElementType, rank: Int? = nil) throws(CollectiveError) {
    func refuse(_ remedy: String) -> CollectiveError {
      CollectiveError(
        .invalidArgument, "NCCL has no \(op) of \(type): \(remedy), or reduce a copy on the CPU",
        rank: rank)
    }
    guard let number = type.ncclType else { throw refuse("convert to int32 first") }
    self.type = number
    switch (op, type) {
    // Bools are bytes that are 0 or 1.
    case (.sum, .bool), (.bitwiseOr, .bool), (.max, _): self.op = NCCLOp.max
    case (.product, .bool), (.bitwiseAnd, .bool), (.min, _): self.op = NCCLOp.min
    case (.sum, _): self.op = NCCLOp.sum
    case (.product, _): self.op = NCCLOp.product
    case (.average, _): self.op = NCCLOp.average
    case (.bitwiseXor, .bool): throw refuse("take the sum as int32, and see whether it is odd")
    case (.bitwiseAnd, _), (.bitwiseOr, _), (.bitwiseXor, _):
      throw refuse("gather the numbers and combine them")
    }
  }
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
  /// The number in `ncclDataType_t`; `nil` for int16, which NCCL lacks.
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

  /// The type as which anything moves that is not combined: bytes.
  static let ncclBytes: cnccl_type = 1
}
