// A worker for tests and benchmarks: creates the job's group and runs a few collectives.
//
//   TestWorker barrier runs a barrier and exits TestWorker sum sums (rank + 1) * [1, 2, 3, 4] over
//   the ranks; prints JSON TestWorker steps N MILLIS runs N steps of MILLIS ms, each with an
//   all-reduce, and appends each step's "pid step time" (nanoseconds since 1970) to
//   $DIR/steps.<rank> TestWorker preempt N MILLIS the same, but stops when a rank receives a stop
//   request; writes saved.RANK to $DIR TestWorker trap reads beyond the end of an array on the last
//   rank TestWorker traffic BYTES counts the bytes that each collective of BYTES bytes per host
//   sends from this host, by the counter of the network device eth0; prints JSON TestWorker agree N
//   measures the cost of a stop agreement per step, over N steps of 5 ms; prints JSON
//
// It first writes its process ID to $DIR/pid.<restarts>.<rank>, if DIR is set.

import Collectives
import Foundation
import TorchCollectives
import Worker

record {
  let environment = try LaunchEnvironment()
  if let folder = ProcessInfo.processInfo.environment["DIR"] {
    let name = "\(folder)/pid.\(environment.restartCount).\(environment.rank)"
    try "\(getpid())\n".write(toFile: name, atomically: true, encoding: .utf8)
  }
  let group = try environment.makeProcessGroup(timeout: .seconds(60))
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
    precondition(fromFirst.values == sum, "the sum differs from that of rank 0")
    try group.barrier()
    say("{\"rank\": \(group.rank), \"worldSize\": \(group.worldSize), \"sum\": \(sum)}")

  case "steps":
    guard arguments.count == 4, let count = Int(arguments[2]), let pause = Int(arguments[3]) else {
      fatalError("usage: TestWorker steps N MILLISECONDS")
    }
    let log = ProcessInfo.processInfo.environment["DIR"].map {
      open("\($0)/steps.\(group.rank)", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    }
    for step in 0..<count {
      let total = try group.allReduce([step])[0]
      precondition(total == step * group.worldSize, "the ranks are at different steps")
      if let log {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let line = "\(getpid()) \(step) \(now.tv_sec * 1_000_000_000 + now.tv_nsec)\n"
        _ = write(log, line, line.utf8.count)
      }
      usleep(UInt32(pause * 1000))
    }
    try group.barrier()
    say("rank \(group.rank) made \(count) steps after \(environment.restartCount) restarts")

  case "preempt":
    guard arguments.count == 4, let count = Int(arguments[2]), let pause = UInt32(arguments[3]),
      let folder = ProcessInfo.processInfo.environment["DIR"]
    else { fatalError("usage: DIR=FOLDER TestWorker preempt N MILLISECONDS") }
    func leave(_ name: String, _ number: Int) throws {
      let path = "\(folder)/\(name).\(group.rank)"
      try "\(number)\n".write(toFile: path, atomically: true, encoding: .utf8)
    }
    let stop = StopAgreement(StopRequest(), group: group)
    try leave("pid", Int(getpid()))
    for step in 0..<count {
      let total = try group.allReduce([step])[0]
      precondition(total == step * group.worldSize, "the ranks are at different steps")
      usleep(pause * 1000)
      if try stop.isReached() {
        try leave("saved", step)
        try group.barrier()
        exit(StopRequest.exitCode)
      }
    }

  case "trap":
    try group.barrier()
    if group.rank == group.worldSize - 1 { say("\([1, 2, 3][group.worldSize + 2])") }
    try group.barrier()

  case "traffic":
    guard arguments.count == 3, let bytes = Int(arguments[2]) else {
      fatalError("usage: TestWorker traffic BYTES")
    }
    let count = bytes / 4
    let share = count / environment.localWorldSize
    let whole = CollectiveMemory(Float.self, count: count)
    let part = CollectiveMemory(Float.self, count: share)
    let large = CollectiveMemory(Float.self, count: share * group.worldSize)
    let small = CollectiveMemory(Float.self, count: count / group.worldSize)
    func sent() throws -> Int {
      let text = try String(
        contentsOfFile: "/sys/class/net/eth0/statistics/tx_bytes", encoding: .utf8)
      return Int(text.split(separator: "\n")[0]) ?? 0
    }
    var lines: [String] = []
    func measure(_ name: String, _ collective: () throws -> Void) throws {
      try group.barrier()
      usleep(50_000)  // until the barrier's last bytes are sent
      try group.monitoredBarrier("before \(name)")
      let before = try sent()
      try collective()
      try group.monitoredBarrier("after \(name)")
      usleep(50_000)
      lines.append("\"\(name)\": \(try sent() - before)")
    }
    whole.buffer.address.assumingMemoryBound(to: Float.self)[count - 1] = Float(group.rank + 1)
    try measure("allReduce") { try group.allReduce(whole.buffer) }
    precondition(
      Int(whole.values[count - 1]) == (1...group.worldSize).reduce(0, +), "the sum is wrong")
    try measure("broadcast") { try group.broadcast(whole.buffer) }
    try measure("reduceScatter") { try group.reduceScatter(whole.buffer, into: small.buffer) }
    part.buffer.address.assumingMemoryBound(to: Float.self)[0] = Float(group.rank)
    try measure("allGather") { try group.allGather(part.buffer, into: large.buffer) }
    let firsts = (0..<group.worldSize).map { Int(large.values[$0 * share]) }
    precondition(firsts == Array(0..<group.worldSize), "the gathered parts are wrong")
    if environment.localRank == 0 {
      say("{\"backend\": \"\(group.backend)\", \(lines.joined(separator: ", "))}")
    }

  case "agree":
    guard arguments.count == 3, let count = Int(arguments[2]) else {
      fatalError("usage: TestWorker agree N")
    }
    let stop = StopAgreement(StopRequest(), group: group)
    /// The median time, after a step in which the processor is idle, as when a GPU computes.
    func microseconds(_ ask: () throws -> Void) throws -> Double {
      var times: [Duration] = []
      try group.barrier()
      for _ in 0..<count {
        usleep(5000)
        let start = ContinuousClock.now
        try ask()
        times.append(ContinuousClock.now - start)
      }
      return times.sorted()[count / 2] / .microseconds(1)
    }
    let waiting = try microseconds {
      _ = try group.allReduce([stop.request.isRequested ? 1 : 0], .max)
    }
    let overlapped = try microseconds { _ = try stop.isReached() }
    if group.rank == 0 { say("{\"allReduce\": \(waiting), \"isReached\": \(overlapped)}") }

  default:
    fatalError(
      "usage: TestWorker barrier | sum | steps N MILLISECONDS | preempt … | trap | agree N")
  }
}
