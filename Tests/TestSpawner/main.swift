// A test program that spawns N ranks. Processes write their ids to files in $DIR.
//
//   TestSpawner N show ...       each rank prints its ranks, world size, threads and command line
//   TestSpawner N fail RANK      the given rank throws, the others wait for a signal
//   TestSpawner N exit RANK C    the given rank exits with code C, the others wait for a signal
//   TestSpawner N wait           all ranks wait for a signal
//   TestSpawner N after          the program waits for a signal after the ranks have exited
//   TestSpawner N twice          starts threads, then runs two jobs in sequence
//   TestSpawner N child          starts a child process that is not part of the job
//   TestSpawner N deleted PATH   deletes the program's file before spawning
//   TestSpawner N nested         a rank calls spawn, and then starts the program as a child

import Collectives
import Elastic
import Foundation
import Worker

struct Failure: Error {}

/// Writes this process's id to a file in `$DIR`.
func writeProcessID(_ name: String) throws {
  let folder = ProcessInfo.processInfo.environment["DIR"] ?? "."
  try "\(getpid())\n".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
}

func sleepForever() -> Never {
  while true { pause() }
}

/// The arguments from `/proc`, each followed by `|`, with `?` for each byte that is not ASCII.
func commandLine() -> String {
  let bytes = FileManager.default.contents(atPath: "/proc/self/cmdline") ?? Data()
  return String(
    decoding: bytes.map { $0 == 0 ? UInt8(ascii: "|") : $0 < 128 ? $0 : UInt8(ascii: "?") },
    as: UTF8.self)
}

func run(_ processes: Int, _ mode: String, _ rest: [String]) throws {
  switch mode {
  case "show":
    try spawn(processes: processes) { environment in
      let threads = ProcessInfo.processInfo.environment["OMP_NUM_THREADS"] ?? "-"
      print(environment.rank, environment.localRank, environment.worldSize, threads, commandLine())
    }
    print("done")

  case "fail", "exit", "wait":
    try spawn(processes: processes) { environment in
      try writeProcessID("pid.\(environment.rank)")
      if environment.rank == rest.first.flatMap({ Int($0) }) {
        if mode == "fail" { throw Failure() }
        exit(Int32(rest[1]) ?? -1)
      }
      print("rank \(environment.rank) waits")
      sleepForever()
    }
    print("done")

  case "after":
    // Child processes inherit the signal mask of the test's thread, which blocks signals.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    try spawn(processes: processes) { _ in }
    try writeProcessID("after")
    sleepForever()

  case "twice":
    for _ in 0..<3 { Thread { sleepForever() }.start() }
    for job in 0..<2 { try spawn(processes: processes) { print("job \(job) rank \($0.rank)") } }

  case "child":
    let child = try Process.run(URL(fileURLWithPath: "/bin/sleep"), arguments: ["1000"])
    try spawn(processes: processes) { _ in }
    print(child.isRunning ? "the child is running" : "the child has exited")
    child.terminate()

  case "deleted":
    try? FileManager.default.removeItem(atPath: rest[0])
    try spawn(processes: processes) { print("rank \($0.rank)") }

  case "nested":
    try spawn(processes: processes) { _ in
      do {
        try spawn(processes: 1) { _ in print("must not run") }
      } catch {
        print(error)
      }
      let program = URL(fileURLWithPath: "/proc/self/exe")
      let again = try Process.run(program, arguments: ["1", "show"])
      again.waitUntilExit()
      print("the program started by a rank exited with \(again.terminationStatus)")
    }

  default:
    fatalError("TestSpawner: unknown mode \(mode)")
  }
}

record {
  let arguments = CommandLine.arguments
  guard arguments.count > 2, let processes = Int(arguments[1]) else {
    fatalError("usage: TestSpawner N MODE ...")
  }
  try run(processes, arguments[2], Array(arguments.dropFirst(3)))
}
