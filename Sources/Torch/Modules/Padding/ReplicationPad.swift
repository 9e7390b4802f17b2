/// Pads lengths with the element at the edge, like PyTorch's `nn.ReplicationPad1d`.
public final class ReplicationPad1d: EdgePadding {
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
    super.init(1, padding, .replicate, file: file, line: line)
  }
}

/// Pads pictures with the element at the edge, like PyTorch's `nn.ReplicationPad2d`.
public final class ReplicationPad2d: EdgePadding {
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
    super.init(2, padding, .replicate, file: file, line: line)
  }
}

/// Pads volumes with the element at the edge, like PyTorch's `nn.ReplicationPad3d`.
public final class ReplicationPad3d: EdgePadding {
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
    super.init(3, padding, .replicate, file: file, line: line)
  }
}
