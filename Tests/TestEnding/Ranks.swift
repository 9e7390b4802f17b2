import Foundation
import Torch
import Worker

/// Ends this rank.
///
/// - Parameter kind: `exit` (with code 3), `slow-exit` (the same, but the process lives on for a
///   while), `trap`, `kill`, `abort`, `throw`, `memory` (an allocation fails), `oom` (uses memory
///   until the kernel kills the process), `return`, `exit-75`, or `unrecorded` (an error at the top
///   level, without an error record).
/// - Returns: Whether the rank returns from `main` early.
/// - Throws: The error of `throw` and `unrecorded`.
func endRank(_ kind: String) throws -> Bool {
  switch kind {
  case "exit": exit(3)
  case "slow-exit":
    atexit { usleep(50_000) }
    exit(3)
  case "trap": print([1, 2, 3][Int(getpid())])
  case "kill": kill(getpid(), SIGKILL)
  case "abort": abort()
  case "throw": throw Ending(reason: "rank's own error")
  case "unrecorded": throw Ending(reason: "rank's own error")
  case "memory": _ = Tensor.zeros([1 << 45])
  case "oom":
    for _ in 0..<256 {
      UnsafeMutableRawPointer.allocate(byteCount: 1 << 24, alignment: 64)
        .initializeMemory(as: UInt8.self, repeating: 1, count: 1 << 24)
    }
    fatalError("used 4 GiB: no memory limit applies to this process")
  case "return": return true
  case "exit-75": exit(75)
  default: fatalError("unknown kind \(kind)")
  }
  return false
}
