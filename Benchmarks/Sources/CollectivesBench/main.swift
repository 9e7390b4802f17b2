// One rank of the collectives benchmark: configured by RANK, WORLD_SIZE and STORE, a file.
//
// It reads lines `COLLECTIVE BYTES COUNT MEMORY` from standard input and runs that collective COUNT
// times on float32 elements. The last rank prints the duration of each call, in nanoseconds, as a
// JSON list. MEMORY is `plain`, or `shared` for the group's shared memory. A rank that waits for a
// line uses no CPU time. `copy` and `add` measure the machine's memory bandwidth without a group:
// they copy BYTES from one buffer to another, or add them to it.

import Collectives
import Foundation

let environment = ProcessInfo.processInfo.environment
guard let rank = environment["RANK"].flatMap({ Int($0) }),
  let worldSize = environment["WORLD_SIZE"].flatMap({ Int($0) }), let path = environment["STORE"]
else { fatalError("CollectivesBench: set RANK, WORLD_SIZE and STORE") }

let group = try SharedMemoryProcessGroup(
  store: try FileStore(path: path, timeout: .seconds(60)), rank: rank, worldSize: worldSize,
  timeout: .seconds(60))

func memory(_ bytes: Int, _ kind: Substring) throws -> CollectiveBuffer {
  if kind == "shared" { return try group.allocate(count: bytes / 4, elementType: .float32) }
  return CollectiveMemory([Float](repeating: 0, count: bytes / 4)).buffer
}

while let line = readLine() {
  let words = line.split(separator: " ")
  guard words.count == 4, let bytes = Int(words[1]), let count = Int(words[2]) else {
    fatalError("CollectivesBench: '\(line)' must be COLLECTIVE BYTES COUNT MEMORY")
  }
  let buffer = try memory(bytes, words[3])
  let elements = buffer.address.assumingMemoryBound(to: Float.self)
  for index in 0..<buffer.count { elements[index] = 0 }
  let work: () throws -> Void
  switch words[0] {
  case "all_reduce": work = { try group.allReduce(buffer) }
  case "broadcast": work = { try group.broadcast(buffer) }
  case "reduce": work = { try group.reduce(buffer) }
  case "barrier": work = { try group.barrier() }
  case "all_gather":
    let output = try memory(bytes * worldSize, "plain")
    work = { try group.allGather(buffer, into: output) }
  case "copy", "add":
    let target = try memory(bytes, "plain")
    let sum = target.address.assumingMemoryBound(to: SIMD16<Float>.self)
    let terms = buffer.address.assumingMemoryBound(to: SIMD16<Float>.self)
    work =
      words[0] == "copy"
      ? { target.address.copyMemory(from: buffer.address, byteCount: bytes) }
      : { for index in 0..<bytes / 64 { sum[index] += terms[index] } }
  default: fatalError("CollectivesBench: '\(words[0])' is not a collective")
  }
  for _ in 0..<max(2, count / 10) { try work() }
  try group.barrier()
  let clock = ContinuousClock()
  var times: [Int64] = []
  for _ in 0..<count {
    let time = try clock.measure(work)
    times.append(
      time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000)
  }
  try group.barrier()
  if rank == worldSize - 1 {
    print(times)
    fflush(nil)
  }
}
