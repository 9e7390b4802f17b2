internal import CTorch
internal import Glibc

/// Converts arguments to C values, and owns the memory of their lists and strings during a call.
struct ArgumentScratch {
  private var blocks: [UnsafeMutableRawPointer] = []

  mutating func value(of argument: Operator.Argument) -> ct_value {
    var value = ct_value()
    switch argument {
    case .none, .optionalTensor(nil):
      value.tag = CT_NONE
    case .default:
      value.tag = CT_DEFAULT
    case .tensor(let tensor), .optionalTensor(let tensor?):
      value.tag = CT_TENSOR
      value.payload.tensor = tensor.handle
    case .int(let integer):
      value.tag = CT_INT
      value.payload.integer = Int64(integer)
    case .double(let real):
      value.tag = CT_DOUBLE
      value.payload.real = real
    case .bool(let flag):
      value.tag = CT_BOOL
      value.payload.boolean = flag
    case .string(let text):
      value.tag = CT_STRING
      let utf8 = copy(text.utf8CString.map { $0 })
      value.payload.string = UnsafePointer(utf8)
    case .dtype(let dtype):
      value.tag = CT_INT
      value.payload.integer = Int64(dtype.rawValue)
    case .device(let device):
      value.tag = CT_DEVICE
      value.payload.device = ct_device(
        type: device.kind.rawValue, index: Int32(device.index ?? -1))
    case .ints(let integers):
      value.tag = CT_INT_LIST
      value.count = Int64(integers.count)
      value.payload.integers = UnsafePointer(copy(integers.map { Int64($0) }))
    case .doubles(let reals):
      value.tag = CT_DOUBLE_LIST
      value.count = Int64(reals.count)
      value.payload.reals = UnsafePointer(copy(reals))
    case .tensors(let tensors):
      value.tag = CT_TENSOR_LIST
      value.count = Int64(tensors.count)
      value.payload.tensors = copy(tensors.map(\.handle))
    case .optionalTensors(let tensors):
      value.tag = CT_OPTIONAL_TENSOR_LIST
      value.count = Int64(tensors.count)
      value.payload.tensors = copy(tensors.map { $0?.handle })
    case .complex(let number):
      value.tag = CT_COMPLEX
      value.payload.complex = ct_complex(real: number.real, imaginary: number.imaginary)
    case .generator(let generator):
      value.tag = CT_GENERATOR
      value.payload.generator = generator.handle
    }
    return value
  }

  func free() {
    for block in blocks { block.deallocate() }
  }

  private mutating func copy<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    memory.initialize(from: elements, count: elements.count)
    blocks.append(UnsafeMutableRawPointer(memory))
    return memory
  }
}
