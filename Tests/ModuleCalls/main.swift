// Creates and calls modules with the arguments of a file that PyTorch wrote, and writes their
// states, results and gradients to another one:
//
//   ModuleCalls INPUT.pt OUTPUT.pt
//   ModuleCalls --list              prints the modules
//
// The input is a list of {module, args, kwargs, training, seed, state, inputs, namedInputs,
// weights}. The output is a list of {initial, text, values} or {initial, error}: the state of the
// new module, its description, and the values that the call produced, by name.
import Glibc
import Torch

func run(_ entry: PickleValue) -> PickleValue {
  var answer: [(key: PickleValue, value: PickleValue)] = []
  do {
    try catchingTorchErrors {
      let seed = UInt64(entry["seed"]?.intValue ?? 0)
      manualSeed(seed)
      let call = try moduleCall(
        entry["module"]?.stringValue ?? "",
        Arguments(entry["args"] ?? [], entry["kwargs"] ?? [:]))
      answer.append(("initial", copies(of: call.module.stateDict)))
      answer.append(("text", .string(call.module.description)))
      try load(entry["state"], into: call.module)
      call.module.train(entry["training"]?.boolValue ?? true)

      let inputs = Arguments(entry["inputs"] ?? [], entry["namedInputs"] ?? [:])
      manualSeed(seed)
      let outputs = try call.forward(inputs)
      try backward(outputs, entry["weights"]?.elements ?? [])
      answer.append(("values", values(of: call.module, inputs, outputs)))
    }
  } catch {
    answer.append(("error", .string("\(error)")))
  }
  return .dictionary(answer)
}

/// Loads a state; names that do not match are an error.
func load(_ state: PickleValue?, into module: any Module) throws {
  let report = try module.loadStateDict(state?.stateDict ?? [:])
  guard report.missingKeys.isEmpty, report.unexpectedKeys.isEmpty else {
    throw Mismatch(
      description: "missing keys \(report.missingKeys), unexpected keys \(report.unexpectedKeys)")
  }
}

/// Computes the gradients of the sum of all outputs, each multiplied by weights.
func backward(_ outputs: [Tensor], _ weights: [PickleValue]) throws {
  let losses = zip(outputs, weights).compactMap { output, weight in
    weight.tensorValue.map { (output * $0).sum() }
  }
  guard let first = losses.first else { return }
  try losses.dropFirst().reduce(first, +).backward()
}

func values(of module: any Module, _ inputs: Arguments, _ outputs: [Tensor]) -> PickleValue {
  var values: [(key: PickleValue, value: PickleValue)] = []
  func add(_ name: String, _ tensor: Tensor?) {
    values.append((.string(name), tensor.map { .tensor($0.detach().clone()) } ?? .none))
  }
  for (index, output) in outputs.enumerated() { add("result \(index)", output) }
  for (index, leaf) in inputs.differentiableTensors.enumerated() {
    add("gradient of input \(index)", leaf.grad)
  }
  for (name, parameter) in module.namedParameters { add("gradient of \(name)", parameter.grad) }
  for (name, tensor) in module.stateDict { add("\(name) after the call", tensor) }
  return .dictionary(values)
}

func copies(of state: StateDict) -> PickleValue {
  .stateDict(state.mapValues { $0.detach().clone() })
}

if CommandLine.arguments.dropFirst() == ["--list"] {
  for name in moduleCalls.keys.sorted() { print(name) }
  exit(0)
}
guard CommandLine.arguments.count == 3 else { fatalError("usage: ModuleCalls INPUT OUTPUT") }
// As in modules.py: the order of sums depends on it.
Runtime.threadCount = 1
let entries = try PyTorchFile.read(path: CommandLine.arguments[1]).elements ?? []
try PyTorchFile.write(.list(entries.map(run)), path: CommandLine.arguments[2])
