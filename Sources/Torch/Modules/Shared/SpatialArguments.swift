internal import Support

/// The integers of an argument for each of several dimensions; a single one holds for all.
///
/// The process stops if there are neither one nor as many as dimensions, or if one is too small.
func spatial(
  _ list: any IntegerList, _ dimensions: Int, _ name: String, atLeast minimum: Int,
  file: StaticString, line: UInt
) -> [Int] {
  let integers = list.integers
  require(
    integers.count == 1 || integers.count == dimensions,
    "\(name) has \(integers.count) integers; use 1 or \(dimensions)", file: file, line: line)
  require(
    integers.allSatisfy { $0 >= minimum }, "\(name) is \(text(of: list)); use \(minimum) or more",
    file: file, line: line)
  return integers.count == dimensions
    ? integers : Array(repeating: integers[0], count: dimensions)
}

private func text(of list: any IntegerList) -> String {
  (list as? Int).map { "\($0)" } ?? "\(list.integers)"
}
