import CSpawn
import Glibc

/// A running worker: a process that leads a process group of its own.
///
/// After it ended it stays a zombie until ``release()``, so that its number, which is also its
/// group's, cannot be given to another process while signals may still be sent to the group.
struct WorkerProcess {
  let localRank: Int
  let pid: pid_t

  /// How it ended; `nil` while it runs.
  private(set) var exit: WorkerExit?

  /// The signals that the launcher sent to it.
  private(set) var sent: Set<Signal> = []

  /// Starts the program with three descriptors as its standard streams.
  ///
  /// The worker dies with the calling thread. It may run on `processors`, or where the launcher may if
  /// there are none. A `debugged` one waits for a debugger before it runs
  /// the program.
  init(
    localRank: Int, program: Program, variables: [String: String], debugged: Bool,
    processors: [Int] = [], input: Descriptor, output: Descriptor, error: Descriptor,
    guardedBy guard: ProcessGroupGuard
  ) throws(ElasticError) {
    let arguments = CStrings(program.commandLine(localRank: localRank))
    let environment = CStrings(Self.environment(adding: variables))
    var request = cspawn_request()
    request.input = input.number
    request.output = output.number
    request.error = error.number
    request.debugged = debugged ? 1 : 0
    request.guard = `guard`.channel?.number ?? -1
    let (pid, reason) = program.path.withCString { path in
      request.path = path
      return arguments.withPointer { arguments in
        request.arguments = arguments
        return environment.withPointer { environment in
          request.environment = environment
          return processors.map(Int32.init).withUnsafeBufferPointer { processors in
            request.processors = processors.baseAddress
            request.processor_count = Int32(processors.count)
            return (cspawn_start(&request), errno)
          }
        }
      }
    }
    guard pid > 0 else {
      throw ElasticError(
        [ENOENT, ENOEXEC, EACCES].contains(reason) ? .programNotExecutable : .system,
        "cannot start \(program.path) for rank \(localRank): \(systemMessage(reason))"
          + Self.hint(reason))
    }
    self.localRank = localRank
    self.pid = pid
  }

  /// Looks whether it has ended since.
  mutating func update() {
    guard exit == nil else { return }
    var info = siginfo_t()
    guard waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0,
      info.si_signo == SIGCHLD
    else { return }
    let status = info._sifields._sigchld.si_status
    exit =
      info.si_code == Int32(CLD_EXITED) ? .code(status) : .signal(Signal(number: status))
  }

  /// Sends a signal to the whole process group.
  mutating func send(_ signal: Signal) {
    if exit == nil { sent.insert(signal) }
    kill(-pid, signal.number)
  }

  /// Kills what is left of its process group.
  func killGroup() { kill(-pid, SIGKILL) }

  /// Lets go of the process, which has ended or been killed; its number is free after that.
  ///
  /// - Returns: Whether it has ended.
  func release() -> Bool { Descendants.release(pid) }

  private static func hint(_ reason: Int32) -> String {
    switch reason {
    case ENOENT: "; does the interpreter that its first line names exist?"
    case ENOEXEC: "; a script needs a first line such as #!/bin/sh"
    case EAGAIN: "; the limit on processes is reached (ulimit -u)"
    default: ""
    }
  }

  /// The inherited environment with some variables set; others keep their exact bytes.
  private static func environment(adding variables: [String: String]) -> [[CChar]] {
    var entries: [[CChar]] = variables.map { Array("\($0.key)=\($0.value)".utf8CString) }
    guard var next = cspawn_environment() else { return entries }
    while let entry = next.pointee {
      let name = UnsafeBufferPointer(start: entry, count: strcspn(entry, "="))
      let key = String(decoding: UnsafeRawBufferPointer(name), as: UTF8.self)
      if variables[key] == nil {
        entries.append(Array(UnsafeBufferPointer(start: entry, count: strlen(entry) + 1)))
      }
      next += 1
    }
    return entries
  }
}

/// An array of C strings that ends with `NULL`, as `execve` takes it.
private struct CStrings {
  private let strings: [[CChar]]

  init(_ strings: [[CChar]]) { self.strings = strings }

  func withPointer<Result>(
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result
  ) -> Result {
    let copies = strings.map {
      $0.withUnsafeBufferPointer { $0.baseAddress.flatMap { strdup($0) } }
    }
    defer { copies.forEach { free($0) } }
    return (copies + [nil]).withUnsafeBufferPointer { body($0.baseAddress) }
  }
}
