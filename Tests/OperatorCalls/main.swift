// Calls generated functions with the arguments of a file that PyTorch wrote, and writes their
// results and gradients to another one:
//
//   OperatorCalls INPUT.pt OUTPUT.pt
//   OperatorCalls --list              prints the operators that have a function
//
// The input is a list of {steps, results, seed, seeds}. A step is {name, arguments}, and
// {step, result} refers to an earlier result. The output is a list of {results, gradients} or
// {error}.
import Glibc
import Torch

/// An argument, with the results of earlier steps in place of references.
func resolve(_ value: PickleValue, _ results: [[Tensor]]) -> PickleValue {
  if let step = value["step"]?.intValue, let result = value["result"]?.intValue {
    return results[step].indices.contains(result) ? .tensor(results[step][result]) : .none
  }
  if case .list(let elements) = value { return .list(elements.map { resolve($0, results) }) }
  return value
}

func run(_ entry: PickleValue) -> PickleValue {
  guard let steps = entry["steps"]?.elements, let seeds = entry["seeds"]?.elements,
    let outputs = entry["results"]?.elements
  else { return ["error": "the entry has no steps, seeds or results"] }
  do {
    return try catchingTorchErrors {
      manualSeed(UInt64(entry["seed"]?.intValue ?? 0))
      let leaves = differentiableTensors(of: steps.compactMap { $0["arguments"] })
      var results: [[Tensor]] = []
      for step in steps {
        guard let name = step["name"]?.stringValue, let arguments = step["arguments"]?.elements,
          let function = operatorCalls[name] ?? handwritten[name]
        else { return ["error": "no function"] }
        results.append(
          try function(OperatorCall(name: name, arguments: arguments.map { resolve($0, results) })))
      }
      let values = outputs.compactMap { resolve($0, results).tensorValue }
      let seeded = zip(values, seeds).compactMap { value, seed in
        seed.tensorValue.map { (value, $0) }
      }
      let found =
        seeded.isEmpty || leaves.isEmpty
        ? []
        : try gradients(
          of: seeded.map(\.0), withRespectTo: leaves, gradients: seeded.map(\.1),
          allowUnused: true)
      return [
        "results": .list(values.map { .tensor($0.detach()) }),
        "gradients": .list(found.map { .tensor($0) }),
      ]
    }
  } catch {
    return ["error": .string("\(error)")]
  }
}

/// The tensors among the arguments, in order, that require a gradient; without one.
func differentiableTensors(of arguments: [PickleValue]) -> [Tensor] {
  var leaves: [Tensor] = []
  func visit(_ value: PickleValue) {
    if let tensor = value.tensorValue, tensor.requiresGrad {
      // Entries may share tensors.
      tensor.grad = nil
      leaves.append(tensor)
    }
    for element in value.elements ?? [] { visit(element) }
  }
  for argument in arguments { visit(argument) }
  return leaves
}

if CommandLine.arguments.dropFirst() == ["--list"] {
  for name in operatorCalls.keys { print(name) }
  for name in handwritten.keys { print(name) }
  exit(0)
}
guard CommandLine.arguments.count == 3 else { fatalError("usage: OperatorCalls INPUT OUTPUT") }
let entries = try PyTorchFile.read(path: CommandLine.arguments[1]).elements ?? []
try PyTorchFile.write(.list(entries.map(run)), path: CommandLine.arguments[2])
