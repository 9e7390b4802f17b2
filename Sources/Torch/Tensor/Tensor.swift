internal import Glibc
internal import CTorch

/// An n-dimensional array of numbers on one device, with its place in the autograd graph.
///
/// A reference to libtorch's tensor: two variables may name one tensor, and views share memory.
/// A tensor may be read by several threads at once; writing to one that others use needs the caller's
/// own order, as in PyTorch.
public final class Tensor: @unchecked Sendable {
  // Sendable: the reference count is atomic and the handle never changes; see above for the contents.

  /// `nil` is libtorch's undefined tensor, the result of a failed operator.
  let handle: ct_tensor?

  /// Takes over one reference.
  init(owning handle: ct_tensor?) {
    self.handle = handle
  }

  deinit {
    ct_tensor_release(handle)
  }

  /// Whether the tensor exists; operators that failed inside ``catchingTorchErrors(_:)`` return ones
  /// that do not.
  public var isDefined: Bool { handle != nil }

  /// The size of each dimension; empty for a scalar.
  public var shape: [Int] { numbers(ct_tensor_sizes) }

  /// The distance in elements between neighbours along each dimension.
  public var strides: [Int] { numbers(ct_tensor_strides) }

  /// The number of elements.
  public var count: Int { Int(ct_tensor_element_count(handle)) }

  /// The number of dimensions.
  public var rank: Int { Int(ct_tensor_dim(handle)) }

  /// The size of all elements in bytes.
  public var byteCount: Int { count * dtype.byteCount }

  /// The type of the elements.
  public var dtype: DType {
    let raw = ct_tensor_dtype(handle)
    guard let dtype = DType(rawValue: raw) else {
      preconditionFailure("libtorch's element type \(raw) has no name in DType")
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

  /// Whether the elements lie in memory row by row without gaps.
  public var isContiguous: Bool { ct_tensor_is_contiguous(handle) }

  /// Whether both name the same tensor, not merely equal ones.
  public func isSame(as other: Tensor) -> Bool { ct_tensor_is_same(handle, other.handle) }

  /// The address of the first element, on the tensor's device; valid while the tensor lives.
  public var dataAddress: UnsafeMutableRawPointer? {
    var address: UnsafeMutableRawPointer?
    check(ct_tensor_data(handle, &address), "dataAddress of \(summary)")
    return address
  }

  private func numbers(_ write: (ct_tensor?, UnsafeMutablePointer<Int64>?) -> Void) -> [Int] {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: rank + 1) { buffer in
      write(handle, buffer.baseAddress)
      return buffer[..<rank].map { Int($0) }
    }
  }
}

extension Tensor: CustomStringConvertible {
  /// Type, shape and device, such as `float32[8, 384] cpu`.
  public var summary: String { isDefined ? "\(dtype)\(shape) \(device)" : "undefined" }

  /// The elements as libtorch prints them.
  public var description: String {
    var text: UnsafeMutablePointer<CChar>?
    check(ct_tensor_description(handle, &text), "description of \(summary)")
    defer { free(text) }
    return text.map { String(cString: $0) } ?? summary
  }
}

extension Tensor {
  /// The shim's handle, borrowed; for sibling modules that call the shim themselves.
  package var unsafeHandle: OpaquePointer? { handle }
}
