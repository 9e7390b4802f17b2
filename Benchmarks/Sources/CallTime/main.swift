// Prints the time of an operator call on a small tensor, in nanoseconds, for each line of input:
//
//   add       x + y, no gradient requested
//   grad      x + y, recorded for the backward pass
//   scalar    x * 2
//   reduce    x.sum(dim: 0)

import Glibc
import Lockstep

let x = Tensor.randn([4])
let y = Tensor.randn([4])
let leaf = Tensor.randn([4])
leaf.requiresGrad = true

let calls: [String: () -> Tensor] = [
  "add": { x + y }, "grad": { leaf + y }, "scalar": { x * 2 }, "reduce": { x.sum(dim: 0) },
]

func nanoseconds(_ call: () -> Tensor, count: Int) -> Double {
  let duration = ContinuousClock().measure {
    for _ in 0..<count { _ = call() }
  }
  return Double(duration.components.attoseconds) / 1e9 / Double(count)
    + Double(duration.components.seconds) * 1e9 / Double(count)
}

Runtime.threadCount = 1
while let name = readLine() {
  guard let call = calls[name] else {
    print("unknown call '\(name)': use one of \(calls.keys.sorted().joined(separator: ", "))")
    exit(64)
  }
  _ = nanoseconds(call, count: 20_000)
  print(nanoseconds(call, count: 200_000))
  fflush(nil)
}
