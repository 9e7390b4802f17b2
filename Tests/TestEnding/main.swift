// A worker that ends in a given way, for tests of exits, failures and their reports.
//
//   TestEnding loaders END      ends while loader threads call libtorch
//   TestEnding rank KIND R      runs steps with an all-reduce; rank R ends by KIND at step 5 of the
//                               first attempt
//   TestEnding steps N MILLIS   runs N steps of MILLIS ms and stops on request; the request is
//                               released before the state is saved, which takes 100 ms
//
// It first writes its process ID to $DIR/pid.<restarts>.<rank>, if DIR is set.

import Collectives
import Foundation
import TorchCollectives
import Worker

let arguments = CommandLine.arguments
let environment = try? LaunchEnvironment()
if let folder = ProcessInfo.processInfo.environment["DIR"] {
  let name = "\(folder)/pid.\(environment?.restartCount ?? 0).\(environment?.rank ?? 0)"
  try? "\(getpid())\n".write(toFile: name, atomically: true, encoding: .utf8)
}

switch arguments.count > 2 ? arguments[1] : "" {
case "loaders":
  record { try endWhileLoading(arguments[2]) }

case "rank":
  guard arguments.count == 4, let rank = Int(arguments[3]), let environment else {
    fatalError("usage under a launcher: TestEnding rank KIND R")
  }
  func steps() throws {
    let group = try environment.makeProcessGroup(timeout: .seconds(30))
    for step in 0..<100 {
      if group.rank == rank, step == 5, environment.restartCount == 0 {
        if try endRank(arguments[2]) { return }
      }
      let total = try group.allReduce([step])[0]
      precondition(total == step * group.worldSize, "the ranks are at different steps")
    }
    try group.barrier()
  }
  if arguments[2] == "unrecorded" { try steps() } else { record { try steps() } }

case "steps":
  guard arguments.count == 4, let count = Int(arguments[2]), let pause = UInt32(arguments[3]),
    let environment
  else { fatalError("usage under a launcher: TestEnding steps N MILLISECONDS") }
  record {
    let group = try environment.makeProcessGroup(timeout: .seconds(60))
    func isStopped() throws -> Bool {
      let stop = StopAgreement(StopRequest(), group: group)
      for step in 0..<count {
        _ = try group.allReduce([step])
        usleep(pause * 1000)
        if step == 0, group.rank == 0 { print("running") }
        fflush(nil)
        if try stop.isReached() { return true }
      }
      return false
    }
    if try isStopped() {
      usleep(100_000)
      try group.barrier()
      StopRequest.exit()
    }
  }

default:
  fatalError("usage: TestEnding loaders END | rank KIND R | steps N MILLISECONDS")
}
