/// Pads lengths with zeros, like PyTorch's `nn.ZeroPad1d`.
public final class ZeroPad1d: EdgePadding {
  /// Creates a padding.
  ///
  /// - Parameters:
  ///   - padding: The widths left and right; one integer holds for all sides. A negative width
  ///     removes elements.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: There are one or two widths.
  public init(
    _ padding: any IntegerList, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(1, padding, .constant, value: 0, file: file, line: line)
  }
}

/// Pads pictures with zeros, like PyTorch's `nn.ZeroPad2d`.
public final class ZeroPad2d: EdgePadding {
  /// Creates a padding.
  ///
  /// - Parameters:
  ///   - padding: The widths left, right, top and bottom; one integer holds for all sides. A
  ///     negative width removes elements.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: There are one or four widths.
  public init(
    _ padding: any IntegerList, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(2, padding, .constant, value: 0, file: file, line: line)
  }
}

/// Pads volumes with zeros, like PyTorch's `nn.ZeroPad3d`.
public final class ZeroPad3d: EdgePadding {
  /// Creates a padding.
  ///
  /// - Parameters:
  ///   - padding: The widths left, right, top, bottom, front and back; one integer holds for all
  ///     sides. A negative width removes elements.
  ///   - file: The source file of the caller, for messages.
  ///   - line: The source line of the caller, for messages.
  ///
  /// - Precondition: There are one or six widths.
  public init(
    _ padding: any IntegerList, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(3, padding, .constant, value: 0, file: file, line: line)
  }
}
