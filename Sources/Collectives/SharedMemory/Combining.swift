internal import CSharedMemory

/// The instruction set that reductions use.
let bestInstructions = csm_best_isa()

/// Reduces the elements of all ranks in rank order, so the result does not depend on count or
/// alignment.
func combine(
  _ sources: [UnsafeRawPointer?], into target: UnsafeMutableRawPointer,
  and second: UnsafeMutableRawPointer? = nil, count: Int, _ type: ElementType, _ op: ReduceOp
) {
  csm_reduce(
    bestInstructions, type.kernelType, op.kernelOp, target, second, sources, sources.count, count)
}

extension ElementType {
  var kernelType: csm_type {
    switch self {
    case .float64: CSM_F64
    case .float32: CSM_F32
    case .float16: CSM_F16
    case .bfloat16: CSM_BF16
    case .int64: CSM_I64
    case .int32: CSM_I32
    case .int16: CSM_I16
    case .int8: CSM_I8
    case .uint8: CSM_U8
    case .bool: CSM_BOOL
    }
  }
}

extension ReduceOp {
  var kernelOp: csm_op {
    switch self {
    case .sum: CSM_SUM
    case .average: CSM_AVG
    case .product: CSM_PRODUCT
    case .min: CSM_MIN
    case .max: CSM_MAX
    case .bitwiseAnd: CSM_AND
    case .bitwiseOr: CSM_OR
    case .bitwiseXor: CSM_XOR
    }
  }
}
