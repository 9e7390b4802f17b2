internal import CTorch
internal import Glibc

extension Tensor: CustomStringConvertible {
  /// The type, shape and device, such as `float32[8, 384] cpu`.
  public var summary: String { isDefined ? "\(dtype)\(shape) \(device)" : "undefined" }

  /// The elements as PyTorch prints them: `tensor([1., 2., 3.])`.
  ///
  /// If there are more than 1,000 elements, only the first and last three along each dimension are
  /// printed.
  public var description: String {
    guard isDefined else { return "undefined" }
    guard isStrided, let text = try? catchingTorchErrors({ TensorText(self).text }) else {
      return libtorchDescription
    }
    return text
  }

  /// Whether the elements are in memory that Swift can read: the tensor is not sparse or quantized,
  /// and it is on a CPU or GPU.
  private var isStrided: Bool {
    var kind: Int32 = 0
    var index: Int32 = 0
    ct_tensor_device(handle, &kind, &index)
    var view = ct_storage_view()
    if let error = ct_tensor_storage(handle, &view) {
      ct_error_free(error)
      return false
    }
    return Device.Kind(rawValue: kind) != nil && DType(rawValue: ct_tensor_dtype(handle)) != nil
  }

  /// The tensor as libtorch prints it.
  private var libtorchDescription: String {
    var text: UnsafeMutablePointer<CChar>?
    check(ct_tensor_description(handle, &text), "description")
    defer { free(text) }
    return text.map { String(cString: $0) } ?? "undefined"
  }

  /// The name of the function that computes the gradient of this tensor, such as `AddBackward0`.
  ///
  /// It is `nil` for a tensor that no recorded operator returned.
  fileprivate var gradientFunctionName: String? {
    var name: UnsafeMutablePointer<CChar>?
    check(ct_gradient_function_name(handle, &name), "name of the gradient function")
    defer { free(name) }
    return name.map { String(cString: $0) }
  }
}

/// The text of a tensor, in the format of PyTorch's `torch/_tensor_str.py` with its default
/// options.
private struct TensorText {
  private static let edgeCount = 3
  private static let threshold = 1000
  private static let lineWidth = 80
  private static let prefix = "tensor("

  private let tensor: Tensor
  /// Whether only the first and last elements of each dimension are printed.
  private let isElided: Bool
  /// The printed elements in row-major order, padded to equal widths.
  private let elements: [String]
  /// The shape of the printed elements.
  private let printedShape: [Int]
  private let elementWidth: Int

  init(_ tensor: Tensor) {
    self.tensor = tensor
    isElided = tensor.count > TensorText.threshold
    var printed = tensor.detach()
    if isElided {
      for dimension in 0..<printed.ndim { printed = TensorText.edges(of: printed, dimension) }
    }
    printed = printed.to(.cpu)
    printedShape = printed.shape
    (elements, elementWidth) = TensorText.elements(of: printed)
  }

  var text: String {
    let indent = TensorText.prefix.count
    var suffixes: [String] = []
    if tensor.device != .cpu { suffixes.append("device='\(tensor.device)'") }
    if tensor.count == 0 {
      if tensor.ndim != 1 {
        suffixes.append("size=(\(tensor.shape.map { "\($0)" }.joined(separator: ", ")))")
      }
      if tensor.dtype != .float32 { suffixes.append("dtype=torch.\(tensor.dtype.pythonName)") }
    } else if ![.float32, .complex64, .int64, .bool].contains(tensor.dtype) {
      suffixes.append("dtype=torch.\(tensor.dtype.pythonName)")
    }
    if let name = tensor.gradientFunctionName {
      suffixes.append("grad_fn=<\(name)>")
    } else if tensor.requiresGrad {
      suffixes.append("requires_grad=True")
    }
    let body = tensor.count == 0 ? "[]" : nested(dimension: 0, start: 0, indent: indent)
    return append(suffixes, to: TensorText.prefix + body, indent: indent)
  }

  // MARK: Layout

  /// The text of the subarray that starts at an element, with brackets from a dimension on.
  private func nested(dimension: Int, start: Int, indent: Int) -> String {
    let depth = tensor.ndim - dimension
    guard depth > 0 else { return elements[start] }
    let isShortened = isElided && tensor.shape[dimension] > 2 * TensorText.edgeCount
    let step = printedShape[(dimension + 1)...].reduce(1, *)
    var parts = (0..<printedShape[dimension]).map { index in
      nested(dimension: dimension + 1, start: start + index * step, indent: indent + 1)
    }
    if isShortened { parts.insert(depth == 1 ? " ..." : "...", at: TensorText.edgeCount) }
    let margin = String(repeating: " ", count: indent + 1)
    guard depth == 1 else {
      let gap = String(repeating: "\n", count: depth - 1)
      return "[\(parts.joined(separator: ",\(gap)\(margin)"))]"
    }
    let perLine = max(1, (TensorText.lineWidth - indent) / (elementWidth + 2))
    let lines = stride(from: 0, to: parts.count, by: perLine).map { first in
      parts[first..<min(first + perLine, parts.count)].joined(separator: ", ")
    }
    return "[\(lines.joined(separator: ",\n\(margin)"))]"
  }

  private func append(_ suffixes: [String], to text: String, indent: Int) -> String {
    var result = text
    let lastLine = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    var lineWidth = lastLine.count + 2
    for suffix in suffixes {
      if lineWidth + suffix.count + 2 > TensorText.lineWidth {
        result += ",\n" + String(repeating: " ", count: indent) + suffix
        lineWidth = indent + suffix.count
      } else {
        result += ", " + suffix
        lineWidth += suffix.count + 2
      }
    }
    return result + ")"
  }

  // MARK: Elements

  /// The first and last elements along a dimension.
  private static func edges(of tensor: Tensor, _ dimension: Int) -> Tensor {
    let size = tensor.shape[dimension]
    guard size > 2 * edgeCount else { return tensor }
    return Tensor.cat(
      [
        tensor.narrow(dim: dimension, start: 0, length: edgeCount),
        tensor.narrow(dim: dimension, start: size - edgeCount, length: size - (size - edgeCount)),
      ], dim: dimension)
  }

  /// The texts of the elements, and the element width from which line breaks are computed.
  private static func elements(of tensor: Tensor) -> (texts: [String], width: Int) {
    if tensor.dtype.isComplex {
      let parts = viewAsRealOp.tensor(.tensor(tensor.to(.complex128))).array(
        of: Double.self)
      let real = stride(from: 0, to: parts.count, by: 2).map { parts[$0] }
      let imaginary = stride(from: 1, to: parts.count, by: 2).map { parts[$0] }
      let realFormat = FloatFormat(real)
      let imaginaryFormat = FloatFormat(imaginary)
      let texts = zip(real, imaginary).map { real, imaginary in
        let second = imaginaryFormat.text(imaginary).drop { $0 == " " } + "j"
        let sign = second.hasPrefix("-") || second.hasPrefix("+") ? "" : "+"
        return realFormat.text(real) + sign + second
      }
      return (texts, realFormat.width + imaginaryFormat.width + 1)
    }
    if tensor.dtype.isFloatingPoint {
      let doubles = tensor.to(.float64).array(of: Double.self)
      let format = FloatFormat(doubles, areScales: tensor.dtype == .float8E8M0FNU)
      return (doubles.map(format.text), format.width)
    }
    let texts =
      switch tensor.dtype {
      case .bool: tensor.array(of: Bool.self).map { $0 ? "True" : "False" }
      case .uint64: tensor.array(of: UInt64.self).map { "\($0)" }
      default: tensor.to(.int64).array(of: Int64.self).map { "\($0)" }
      }
    let width = texts.map(\.count).max() ?? 1
    return (texts.map { $0.padded(to: width) }, width)
  }
}

/// The format of the floating-point elements of a tensor.
private struct FloatFormat {
  /// Whether all elements are integers; they are printed with a point and no digits after it.
  private var isIntegral = true
  private var isScientific = false
  private(set) var width = 1

  /// Chooses the format.
  ///
  /// `areScales` says that the elements are of type float8E8M0FNU. PyTorch compares them in that
  /// type, where the least value equals zero and NaN is finite.
  init(_ values: [Double], areScales: Bool = false) {
    let measured = values.filter { areScales ? $0 != 0x1p-127 : $0.isFinite && $0 != 0 }
    guard let smallest = measured.map(\.magnitude).min(),
      let largest = measured.map(\.magnitude).max()
    else { return }
    isIntegral = measured.allSatisfy { $0 == $0.rounded(.up) }
    isScientific =
      !measured.contains(where: \.isNaN)
      && (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4)
    width = max(width, measured.map { text($0, isPadded: false).count }.max() ?? 1)
  }

  func text(_ value: Double) -> String { text(value, isPadded: true) }

  private func text(_ value: Double, isPadded: Bool) -> String {
    let text: String
    if value.isNaN {
      text = "nan"
    } else if value.isInfinite {
      text = value < 0 ? "-inf" : "inf"
    } else if isScientific {
      text = formatted("%.4e", value)
    } else if isIntegral {
      text = formatted("%.0f", value) + "."
    } else {
      text = formatted("%.4f", value)
    }
    return isPadded ? text.padded(to: width) : text
  }

  private func formatted(_ format: String, _ value: Double) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
      let count = withVaList([value]) { vsnprintf(buffer.baseAddress, buffer.count, format, $0) }
      return String(
        decoding: buffer.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}

private let viewAsRealOp = Operator("aten::view_as_real")
