/// Pads lengths with a constant, like PyTorch's `nn.ConstantPad1d`.
public final class ConstantPad1d: EdgePadding {
  /// The constant.
  public let value: Double

  /// Creates a padding.
  ///
  /// - Parameters:
  ///   - padding: The widths left and right; one integer holds for all sides. A negative width
  ///     removes elements.
  ///   - value: The constant.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: There are one or two widths.
  public init(
    _ padding: any IntegerList, _ value: Double, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.value = value
    super.init(1, padding, .constant, value: value, file: file, line: line)
  }

  /// The widths and the constant, as PyTorch prints them.
  public override var extraRepr: String { "padding=\(super.extraRepr), value=\(pythonText(value))" }
}

/// Pads pictures with a constant, like PyTorch's `nn.ConstantPad2d`.
public final class ConstantPad2d: EdgePadding {
  /// The constant.
  public let value: Double

  /// Creates a padding.
  ///
  /// - Parameters:
  ///   - padding: The widths left, right, top and bottom; one integer holds for all sides. A
  ///     negative width removes elements.
  ///   - value: The constant.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: There are one or four widths.
  public init(
    _ padding: any IntegerList, _ value: Double, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.value = value
    super.init(2, padding, .constant, value: value, file: file, line: line)
  }

  /// The widths and the constant, as PyTorch prints them.
  public override var extraRepr: String { "padding=\(super.extraRepr), value=\(pythonText(value))" }
}

/// Pads volumes with a constant, like PyTorch's `nn.ConstantPad3d`.
public final class ConstantPad3d: EdgePadding {
  /// The constant.
  public let value: Double

  /// Creates a padding.
  ///
  /// - Parameters:
  ///   - padding: The widths left, right, top, bottom, front and back; one integer holds for all
  ///     sides. A negative width removes elements.
  ///   - value: The constant.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: There are one or six widths.
  public init(
    _ padding: any IntegerList, _ value: Double, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.value = value
    super.init(3, padding, .constant, value: value, file: file, line: line)
  }

  /// The widths and the constant, as PyTorch prints them.
  public override var extraRepr: String { "padding=\(super.extraRepr), value=\(pythonText(value))" }
}
