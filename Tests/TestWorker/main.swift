// A worker for tests and benchmarks: forms the job's group and does the least with it.
//
//   test-worker barrier           meets the other ranks and exits
//   test-worker sum               adds (rank + 1) * [1, 2, 3, 4] up over the ranks; prints JSON
//   test-worker steps N MILLIS    makes N steps, each an all-reduce of that pace
//
// It first writes its process id to $DIR/pid.<restarts>.<rank>, if there is such a folder.

import Collectives
import Foundation
import TorchCollectives
import WorkerFailures

record {
  let environment = try LaunchEnvironment()
  if let folder = ProcessInfo.processInfo.environment["DIR"] {
    let name = "\(folder)/pid.\(environment.restartCount).\(environment.rank)"
    try "\(getpid())\n".write(toFile: name, atomically: true, encoding: .utf8)
  }
  let group = try GlooProcessGroup(environment, timeout: .seconds(60))
  let arguments = CommandLine.arguments
  func say(_ line: String) {
    print(line)
    fflush(nil)
  }

  switch arguments.count > 1 ? arguments[1] : "" {
  case "barrier":
    try group.barrier()
    if group.rank == 0 { say("\(group.worldSize) ranks met") }

  case "sum":
    let mine = [1, 2, 3, 4].map { Float(group.rank + 1) * $0 }
    let sum = try group.allReduce(mine)
    let fromFirst = CollectiveMemory(sum)
    try group.broadcast(fromFirst.buffer)
    precondition(fromFirst.values == sum, "rank 0 has another sum")
    try group.barrier()
    say("{\"rank\": \(group.rank), \"worldSize\": \(group.worldSize), \"sum\": \(sum)}")

  case "steps":
    guard arguments.count == 4, let count = Int(arguments[2]), let pause = Int(arguments[3]) else {
      fatalError("usage: test-worker steps N MILLISECONDS")
    }
    for step in 0..<count {
      let total = try group.allReduce([step])[0]
      precondition(total == step * group.worldSize, "the ranks are at different steps")
      usleep(UInt32(pause * 1000))
    }
    try group.barrier()
    say("rank \(group.rank) made \(count) steps after \(environment.restartCount) restarts")

  default:
    fatalError("usage: test-worker barrier | sum | steps N MILLISECONDS")
  }
}
