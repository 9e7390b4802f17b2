// One rank of a shared-memory group, for tests that kill ranks.
//
//   RANK=0 WORLD_SIZE=3 STORE=FILE TestRank allReduce LOCKSTEP_DEBUG=detail compares each
//   collective; HOSTS=2,1 makes a hierarchical group TestRank conformance all collectives with
//   ranks as threads, for sanitizers (`make sanitize`)
//
// Repeats a collective, alternating between few and many elements, until it fails. Then prints the
// failure as a line of JSON, creates a group of the remaining ranks, computes a sum in it, and
// prints the resources that the failed group has leaked.

import CollectiveConformance
import Collectives
import Foundation

if CommandLine.arguments.dropFirst() == ["conformance"] { exit(try runConformance() ? 0 : 1) }
let environment = ProcessInfo.processInfo.environment
guard let rank = environment["RANK"].flatMap({ Int($0) }), CommandLine.arguments.count == 2,
  let worldSize = environment["WORLD_SIZE"].flatMap({ Int($0) }), let path = environment["STORE"]
else { fatalError("usage: RANK=0 WORLD_SIZE=2 STORE=FILE TestRank COLLECTIVE") }
let name = CommandLine.arguments[1]
let store = try FileStore(path: path, timeout: .seconds(20))

/// The numbers of descriptors, mappings of shared memory, and threads of this process.
func resources() throws -> [Int] {
  let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
  return [
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count,
    maps.components(separatedBy: "memfd:lockstep").count - 1,
    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count,
  ]
}

func say(_ line: String) {
  print(line)
  fflush(nil)
}

/// The number of ranks of each host; `nil` for a flat group.
let hosts = environment["HOSTS"].map { $0.split(separator: ",").compactMap { Int($0) } }

/// Creates a shared-memory group, with the diagnostics that the environment enables.
func makeGroup(_ generation: Int, _ rank: Int, _ worldSize: Int, _ hosts: [Int]?) throws
  -> any ProcessGroup
{
  let shared = sharedMemory(PrefixStore("\(generation)", store), timeout: .seconds(20))
  let group =
    try hosts.map { try hierarchical($0, rank: rank, inside: shared, between: shared) }
    ?? shared("world", rank, worldSize)
  return try GroupSettings.inherited().addingDiagnostics(to: group)
}

func work(_ group: any ProcessGroup) throws {
  let counts = [10, 100_000]
  let memories = try counts.map { count -> [CollectiveBuffer] in
    try (0..<2 * worldSize + 1).map { index in
      index % 2 == 0
        ? CollectiveMemory([Float](repeating: 1, count: count)).buffer
        : try group.allocate(count: count, elementType: .float32)
    }
  }
  let wholes = counts.map { CollectiveMemory([Float](repeating: 1, count: $0 * worldSize)).buffer }
  for turn in 0... {
    let some = memories[turn % 2]
    let whole = wholes[turn % 2]
    let one = some[turn / 2 % 2]
    switch name {
    case "allReduce": try group.allReduce(one, .max)
    case "allReduceCoalesced": try group.allReduce(Array(some.prefix(3)), .max)
    case "reduce": try group.reduce(one, .max, to: turn % worldSize)
    case "reduceScatter": try group.reduceScatter(whole, into: one)
    case "allGather": try group.allGather(one, into: whole)
    case "allGatherUneven": try group.allGather(one, into: Array(some.suffix(worldSize)))
    case "allToAll":
      try group.allToAll(Array(some.prefix(worldSize)), into: Array(some.suffix(worldSize)))
    case "broadcast": try group.broadcast(one, from: turn % worldSize)
    case "gather":
      let root = turn % worldSize
      try group.gather(one, into: rank == root ? whole : nil, to: root)
    case "scatter":
      let root = turn % worldSize
      try group.scatter(rank == root ? whole : nil, into: one, from: root)
    case "barrier": try group.barrier()
    case "exchange":
      try group.exchange([
        .send(one, to: (rank + 1) % worldSize, tag: 1),
        .receive(some[2], from: (rank + worldSize - 1) % worldSize, tag: 1),
      ])
    default: fatalError("TestRank: unknown collective \(name)")
    }
    if turn == 3 { try store.set("runs/\(rank)", []) }
  }
}

let before = try resources()
do {
  try work(makeGroup(0, rank, worldSize, hosts))
} catch let error as CollectiveError {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  let lost = error.code == .peerLost ? error.peer ?? -1 : -2
  say(
    "{\"lost\": \(lost), \"seconds\": \(now.tv_sec), \"nanoseconds\": \(now.tv_nsec), \"rank\": "
      + "\(rank)}"
  )
  if lost < 0 { say("\(error)") }
  var left: [Int] = []
  for _ in 0..<100 {
    left = try resources()
    if zip(left, before).allSatisfy({ $0 <= $1 }) { break }
    usleep(10_000)
  }
  let survivors = (0..<worldSize).filter { $0 != lost }
  let again = try makeGroup(1, survivors.firstIndex(of: rank) ?? 0, survivors.count, nil)
  let sum = try again.allReduce([1])[0]
  try again.barrier()
  say(
    "{\"sum\": \(sum), \"more\": [\(left[0] - before[0]), \(left[1] - before[1]), "
      + "\(left[2] - before[2])]}"
  )
}
