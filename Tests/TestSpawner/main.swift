// A program for tests that starts its own ranks: each does what the argument says. Processes write
// their ids to $DIR.
//
//   test-spawner N show ...       prints its place in the job, its threads and its command line
//   test-spawner N fail RANK      that rank throws, the others wait to be stopped
//   test-spawner N exit RANK C    that rank exits with C, the others wait to be stopped
//   test-spawner N wait           all wait to be stopped
//   test-spawner N after          waits to be stopped when the ranks are done
//   test-spawner N twice          two jobs, one after the other, with threads running before
//   test-spawner N child          starts a child first, which is none of the job's
//   test-spawner N deleted PATH   deletes the program's file first
//   test-spawner N nested         a rank spawns ranks, and starts the program again itself

import Collectives
import Elastic
import Foundation
import WorkerFailures

struct Failure: Error {}

/// Writes a process id where tests look for it.
func tell(_ name: String) throws {
  let folder = ProcessInfo.processInfo.environment["DIR"] ?? "."
  try "\(getpid())\n".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
}

func sleepForEver() -> Never {
  while true { pause() }
}

/// The arguments as the kernel has them: `|` after each, `?` for what is not ASCII.
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
      try tell("pid.\(environment.rank)")
      if environment.rank == rest.first.flatMap({ Int($0) }) {
        if mode == "fail" { throw Failure() }
        exit(Int32(rest[1]) ?? -1)
      }
      print("rank \(environment.rank) waits")
      sleepForEver()
    }
    print("done")

  case "after":
    // The threads of a test block signals, and its children inherit that.
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    try spawn(processes: processes) { _ in }
    try tell("after")
    sleepForEver()

  case "twice":
    for _ in 0..<3 { Thread { sleepForEver() }.start() }
    for job in 0..<2 { try spawn(processes: processes) { print("job \(job) rank \($0.rank)") } }

  case "child":
    let child = try Process.run(URL(fileURLWithPath: "/bin/sleep"), arguments: ["1000"])
    try spawn(processes: processes) { _ in }
    print(child.isRunning ? "the child lives" : "the child is gone")
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
      print("the program, started by a rank, ends with \(again.terminationStatus)")
    }

  default:
    fatalError("test-spawner does not know \(mode)")
  }
}

record {
  let arguments = CommandLine.arguments
  guard arguments.count > 2, let processes = Int(arguments[1]) else {
    fatalError("usage: test-spawner N MODE ...")
  }
  try run(processes, arguments[2], Array(arguments.dropFirst(3)))
}
