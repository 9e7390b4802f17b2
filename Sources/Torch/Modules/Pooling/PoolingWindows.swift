/// The windows of a pooling, as they were given: a single integer holds for all dimensions.
struct PoolingWindows: Sendable {
  let dimensions: Int
  let kernelSize: any IntegerList
  let stride: any IntegerList
  let padding: any IntegerList

  /// Checks the arguments of a module; a stride that is absent is the size of the window.
  init(
    _ dimensions: Int, _ kernelSize: any IntegerList, stride: (any IntegerList)?,
    padding: any IntegerList = 0, file: StaticString, line: UInt
  ) {
    let stride = stride ?? kernelSize
    _ = spatial(kernelSize, dimensions, "kernelSize", atLeast: 1, file: file, line: line)
    _ = spatial(stride, dimensions, "stride", atLeast: 1, file: file, line: line)
    _ = spatial(padding, dimensions, "padding", atLeast: 0, file: file, line: line)
    self.dimensions = dimensions
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  var kernelArgument: Operator.Argument { .list(kernelSize, dimensions) }
  var strideArgument: Operator.Argument { .list(stride, dimensions) }
  var paddingArgument: Operator.Argument { .list(padding, dimensions) }

  /// The integers of a list for each dimension.
  func integers(_ list: any IntegerList) -> [Int] {
    let integers = list.integers
    return integers.count == dimensions
      ? integers : Array(repeating: integers[0], count: dimensions)
  }
}
