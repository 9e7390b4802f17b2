import CSpawn
import Glibc

/// A worker process, the leader of its own process group.
///
/// After it exits, it stays a zombie until ``reap()``. Its process id, which is also the group's,
/// is therefore not reused while signals may still be sent to the group.
struct WorkerProcess {
  let localRank: Int
  let pid: pid_t

  /// How the process ended; `nil` while it runs.
  private(set) var exit: WorkerExit?

  /// The signals that the launcher sent to the process.
  private(set) var sentSignals: Set<Signal> = []

  /// When the launcher first told the process to end, since 1970; `nil` if it has not.
  private(set) var stopTime: Duration?

  /// Starts the program.
  ///
  /// The worker is killed when the calling thread ends.
  ///
  /// - Parameters:
  ///   - localRank: The worker's local rank.
  ///   - program: The program to run.
  ///   - variables: Environment variables to add to the inherited ones or to replace there.
  ///   - waitsForDebugger: Whether to run the program only after a debugger has attached.
  ///   - processors: The processors to bind the worker to; empty for those of the launcher.
  ///   - input: The worker's standard input.
  ///   - output: The worker's standard output.
  ///   - error: The worker's standard error.
  ///   - guard: The guard with which the worker registers its process group.
  /// - Throws: ``ElasticError`` if the process cannot be started.
  init(
    localRank: Int, program: Program, variables: [String: String], waitsForDebugger: Bool,
    processors: [Int] = [], input: Descriptor, output: Descriptor, error: Descriptor,
    guardedBy guard: ProcessGroupGuard
  ) throws(ElasticError) {
    let arguments = CStrings(program.commandLine(localRank: localRank))
    let environment = CStrings(Self.environment(adding: variables))
    var request = cspawn_request()
    request.input = input.number
    request.output = output.number
    request.error = error.number
    request.waits_for_debugger = waitsForDebugger ? 1 : 0
    request.guard = `guard`.channel?.number ?? -1
    let (pid, reason) = program.pathBytes.cString.withUnsafeBufferPointer { path in
      request.path = path.baseAddress
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
        "cannot start \(program.path) for local rank \(localRank): \(systemMessage(reason))"
          + Self.hint(reason))
    }
    self.localRank = localRank
    self.pid = pid
  }

  /// Whether the process has ended and waits for ``reap()``.
  var hasEnded: Bool { endInfo != nil }

  /// Updates ``exit`` if the process has ended.
  mutating func update() {
    guard exit == nil, let info = endInfo else { return }
    let status = info._sifields._sigchld.si_status
    exit =
      info.si_code == Int32(CLD_EXITED) ? .code(status) : .signal(Signal(number: status))
  }

  /// What the system reports of the process's end; `nil` while it runs.
  private var endInfo: siginfo_t? {
    var info = siginfo_t()
    guard waitid(P_PID, id_t(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0,
      info.si_signo == SIGCHLD
    else { return nil }
    return info
  }

  /// Sets ``exit`` of a process that is certain to end in this way, but has not ended yet.
  mutating func willExit(_ exit: WorkerExit) { self.exit = exit }

  /// Sends a signal to the whole process group.
  mutating func send(_ signal: Signal) {
    if exit == nil {
      sentSignals.insert(signal)
      if signal.stopsJob && stopTime == nil { stopTime = WorkerFailure.exactNow }
    }
    kill(-pid, signal.number)
  }

  /// Kills the remaining processes of the process group.
  func killGroup() { kill(-pid, SIGKILL) }

  /// Reaps the process, which must have exited or been killed.
  ///
  /// Its process id can be reused after that.
  ///
  /// - Returns: Whether the process exited.
  func reap() -> Bool { Descendants.reap(pid) }

  private static func hint(_ reason: Int32) -> String {
    switch reason {
    case ENOENT: "; check that the interpreter in its first line exists"
    case ENOEXEC: "; a script needs a first line such as #!/bin/sh"
    case EAGAIN: "; the limit on processes is reached: raise it (ulimit -u)"
    default: ""
    }
  }

  /// The inherited environment with some variables replaced; the others keep their exact bytes.
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

/// A `NULL`-terminated array of C strings for `execve`.
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
