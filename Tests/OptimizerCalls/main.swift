// Runs optimizers and schedules with the settings, parameters and gradients of a file that PyTorch
// wrote, and writes parameters, states and rates to another one:
//
//   OptimizerCalls INPUT.pt OUTPUT.pt
//
// An entry of the input is {optimizer, …} or {schedule, …}: see OptimizerRun and ScheduleRun.
import Glibc
import Torch

func run(_ entry: PickleValue) -> PickleValue {
  do {
    return try catchingTorchErrors {
      entry["schedule"] == nil ? try OptimizerRun(entry).run() : try ScheduleRun(entry).run()
    }
  } catch {
    return ["error": .string("\(error)")]
  }
}

guard CommandLine.arguments.count == 3 else { fatalError("usage: OptimizerCalls INPUT OUTPUT") }
let entries = try PyTorchFile.read(path: CommandLine.arguments[1]).elements ?? []
try PyTorchFile.write(.list(entries.map(run)), path: CommandLine.arguments[2])

/// A problem with an entry.
struct Mismatch: Error, CustomStringConvertible {
  var description: String
}
