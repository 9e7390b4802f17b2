import Torch

struct Mismatch: Error, CustomStringConvertible {
  var description: String
}

/// The arguments of a call in Python: those by position and those by name.
///
/// Each accessor takes the position and the name of a parameter, because Python allows both.
/// Without a default, a missing argument is an error.
struct Arguments {
  var positional: [PickleValue]
  var named: PickleValue

  init(_ positional: PickleValue, _ named: PickleValue) {
    self.positional = positional.elements ?? []
    self.named = named
  }

  /// The argument of a parameter, or `nil` if it was not passed.
  func value(_ index: Int, _ name: String) -> PickleValue? {
    index < positional.count ? positional[index] : named[name]
  }

  private func read<Value>(
    _ index: Int, _ name: String, _ kind: String, _ convert: (PickleValue) -> Value?
  ) throws -> Value? {
    guard let given = value(index, name), !given.isNone else { return nil }
    guard let converted = convert(given) else {
      throw Mismatch(description: "argument \(name) is not \(kind)")
    }
    return converted
  }

  private func required<Value>(_ value: Value?, _ name: String) throws -> Value {
    guard let value else { throw Mismatch(description: "argument \(name) is missing") }
    return value
  }

  func optionalTensor(_ index: Int, _ name: String) throws -> Tensor? {
    try read(index, name, "a tensor", \.tensorValue)
  }

  func tensor(_ index: Int, _ name: String) throws -> Tensor {
    try required(optionalTensor(index, name), name)
  }

  func optionalInt(_ index: Int, _ name: String) throws -> Int? {
    try read(index, name, "an integer", \.intValue)
  }

  func int(_ index: Int, _ name: String, default fallback: Int? = nil) throws -> Int {
    try required(optionalInt(index, name) ?? fallback, name)
  }

  func optionalDouble(_ index: Int, _ name: String) throws -> Double? {
    try read(index, name, "a number", \.doubleValue)
  }

  func double(_ index: Int, _ name: String, default fallback: Double? = nil) throws -> Double {
    try required(optionalDouble(index, name) ?? fallback, name)
  }

  func optionalBool(_ index: Int, _ name: String) throws -> Bool? {
    try read(index, name, "a Boolean value", \.boolValue)
  }

  func bool(_ index: Int, _ name: String, default fallback: Bool? = nil) throws -> Bool {
    try required(optionalBool(index, name) ?? fallback, name)
  }

  func optionalString(_ index: Int, _ name: String) throws -> String? {
    try read(index, name, "a string", \.stringValue)
  }

  func string(_ index: Int, _ name: String, default fallback: String? = nil) throws -> String {
    try required(optionalString(index, name) ?? fallback, name)
  }

  /// A single integer, or one for each dimension.
  func optionalIntegers(_ index: Int, _ name: String) throws -> (any IntegerList)? {
    try read(index, name, "a list of integers") { value -> (any IntegerList)? in
      if let integer = value.intValue { return integer }
      guard let elements = value.elements else { return nil }
      let integers = elements.compactMap(\.intValue)
      return integers.count == elements.count ? integers : nil
    }
  }

  func integers(
    _ index: Int, _ name: String, default fallback: (any IntegerList)? = nil
  ) throws -> any IntegerList {
    try required(optionalIntegers(index, name) ?? fallback, name)
  }

  /// A single number, or one for each dimension.
  func optionalNumbers(_ index: Int, _ name: String) throws -> (any NumberList)? {
    try read(index, name, "a list of numbers") { value -> (any NumberList)? in
      if let number = value.doubleValue { return number }
      guard let elements = value.elements else { return nil }
      let numbers = elements.compactMap(\.doubleValue)
      return numbers.count == elements.count ? numbers : nil
    }
  }

  /// A case of an enumeration whose raw values are PyTorch's.
  func choice<Choice: RawRepresentable<String>>(
    _ index: Int, _ name: String, default fallback: Choice? = nil
  ) throws -> Choice {
    try required(
      read(index, name, "a \(Choice.self)") { $0.stringValue.flatMap(Choice.init(rawValue:)) }
        ?? fallback, name)
  }

  /// A module that is an argument of another one, with its state.
  func module(_ index: Int, _ name: String) throws -> any Module {
    let value = try required(value(index, name), name)
    let call = try moduleCall(
      value["module"]?.stringValue ?? "", Arguments(value["args"] ?? [], value["kwargs"] ?? [:]))
    try load(value["state"], into: call.module)
    return call.module
  }

  /// The tensors that require a gradient, in the order of the arguments.
  var differentiableTensors: [Tensor] {
    var leaves: [Tensor] = []
    func visit(_ value: PickleValue) {
      if let tensor = value.tensorValue, tensor.requiresGrad { leaves.append(tensor) }
      for element in value.elements ?? [] { visit(element) }
      for entry in value.entries ?? [] { visit(entry.value) }
    }
    for value in positional { visit(value) }
    visit(named)
    return leaves
  }
}
