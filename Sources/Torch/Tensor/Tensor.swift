internal import CTorch
internal import Support

/// An n-dimensional array of elements of one type on one device, recorded by autograd.
///
/// A `Tensor` is a reference to a tensor of libtorch: two variables may refer to the same tensor,
/// and views share memory. Several threads may read a tensor at the same time. As in PyTorch, the
/// caller must synchronize writes with other uses.
public final class Tensor: @unchecked Sendable {
  // Sendable: the reference count is atomic and the handle never changes; for the elements, see
  // above.

  /// `nil` is libtorch's undefined tensor, the result of a failed operator.
  let handle: ct_tensor?

  /// Whether a gradient was requested for this tensor at any time.
  ///
  /// A frozen parameter is still a parameter of its module. A tensor for which no gradient was ever
  /// requested is a constant.
  var isParameter = false

  /// Creates a tensor that owns an existing reference.
  package init(owning handle: OpaquePointer?) {
    self.handle = handle
  }

  deinit {
    ct_tensor_release(handle)
  }

  /// Whether the tensor is defined.
  ///
  /// Inside ``catchingTorchErrors(_:)`` a failed operator returns an undefined tensor.
  public var isDefined: Bool { handle != nil }

  /// The size of each dimension; empty for a scalar.
  public var shape: [Int] { integers(ct_tensor_sizes) }

  /// The distance between adjacent elements along each dimension, in elements.
  public var strides: [Int] { integers(ct_tensor_strides) }

  /// The number of elements.
  public var count: Int { Int(ct_tensor_element_count(handle)) }

  /// The size of one dimension; a negative one counts from the end.
  public func size(_ dim: Int, file: StaticString = #fileID, line: UInt = #line) -> Int {
    let shape = shape
    require(
      (-shape.count..<shape.count).contains(dim),
      "dimension \(dim) of a tensor of shape \(shape) does not exist", file: file, line: line)
    return shape[dim < 0 ? dim + shape.count : dim]
  }

  /// The number of dimensions.
  public var ndim: Int { Int(ct_tensor_dim(handle)) }

  /// The size of all elements in bytes.
  public var byteCount: Int { count * dtype.byteCount }

  /// The type of the elements.
  public var dtype: DType {
    let raw = ct_tensor_dtype(handle)
    guard let dtype = DType(rawValue: raw) else {
      fatalError("the tensor has libtorch's element type \(raw), which DType does not have")
    }
    return dtype
  }

  /// The device that holds the elements.
  public var device: Device {
    var kind: Int32 = 0
    var index: Int32 = 0
    ct_tensor_device(handle, &kind, &index)
    return Device(kind: Device.Kind(rawValue: kind) ?? .cpu, index: index < 0 ? nil : Int(index))
  }

  /// Whether the elements are in memory in row-major order, without gaps.
  public var isContiguous: Bool { ct_tensor_is_contiguous(handle) }

  /// Whether both refer to the same tensor, rather than to equal ones.
  public func isSame(as other: Tensor) -> Bool { ct_tensor_is_same(handle, other.handle) }

  /// The address of the first element on the tensor's device, valid during the tensor's lifetime.
  public var dataAddress: UnsafeMutableRawPointer? {
    var address: UnsafeMutableRawPointer?
    check(ct_tensor_data(handle, &address), "dataAddress of \(summary)")
    return address
  }

  private func integers(_ write: (ct_tensor?, UnsafeMutablePointer<Int64>?) -> Void) -> [Int] {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: ndim + 1) { buffer in
      write(handle, buffer.baseAddress)
      return buffer[..<ndim].map { Int($0) }
    }
  }
}

extension Tensor {
  /// The borrowed CTorch handle, for sibling modules that call CTorch.
  package var unsafeHandle: OpaquePointer? { handle }
}
