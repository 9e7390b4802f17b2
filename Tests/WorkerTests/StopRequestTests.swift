import Glibc
import Support
import Synchronization
import Testing
import Worker

@Suite struct StopRequestTests {
  @Test func aSignalIsRecordedAndDoesNotEndTheProcess() async {
    await #expect(processExitsWith: .success) {
      let stop = StopRequest()
      precondition(!stop.isRequested && stop.signal == nil)
      for signal in [SIGTERM, SIGTERM, SIGUSR1] {
        kill(getpid(), signal)
        waitUntil { stop.isRequested && stop.signal == signal }
      }
    }
  }

  @Test func withoutAnInstanceTheSignalEndsTheProcess() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      do {
        let stop = StopRequest()
        precondition(!stop.isRequested)
      }
      kill(getpid(), SIGTERM)
      waitUntil { false }
    }
  }

  /// Batch systems repeat the signal while the process saves and exits.
  @Test(arguments: [SIGTERM, SIGUSR1])
  func afterARequestARepeatedSignalDoesNotEndTheProcess(signal: Int32) async {
    await #expect(processExitsWith: .exitCode(StopRequest.exitCode)) { [signal] in
      do {
        let stop = StopRequest()
        kill(getpid(), signal)
        waitUntil { stop.isRequested }
      }
      for repeated in [signal, SIGTERM, SIGUSR1] {
        kill(getpid(), repeated)
        usleep(20_000)
      }
      StopRequest.exit()
    }
  }

  /// The signal of a rank may arrive after it agreed with its peers to stop.
  @Test(arguments: [SIGTERM, SIGUSR1])
  func afterAnAgreementTheFirstSignalDoesNotEndTheProcess(signal: Int32) async {
    await #expect(processExitsWith: .exitCode(StopRequest.exitCode)) { [signal] in
      do {
        let stop = StopRequest()
        precondition(!stop.isRequested)
        StopNotice.send()
      }
      kill(getpid(), signal)
      usleep(20_000)
      StopRequest.exit()
    }
  }

  @Test func theExitTellsTheLauncherThatItIsIntended() async {
    await #expect(processExitsWith: .success) {
      let path = "/tmp/lockstep-stop-\(getpid())"
      setenv(WorkerVariable.stopFile.rawValue, path, 1)
      precondition(access(path, F_OK) != 0)
      atexit {
        let path = "/tmp/lockstep-stop-\(getpid())"
        let isSent = access(path, F_OK) == 0
        unlink(path)
        _exit(isSent ? 0 : 3)
      }
      StopRequest.exit()
    }
  }

  @Test func aRequestThatTheProgramSawIsReportedToTheLauncher() async {
    await #expect(processExitsWith: .success) {
      let path = "/tmp/lockstep-stop-\(getpid())"
      setenv(WorkerVariable.stopFile.rawValue, path, 1)
      let stop = StopRequest()
      precondition(!stop.isRequested && access(path, F_OK) != 0)
      kill(getpid(), SIGUSR1)
      waitUntil { stop.isRequested }
      let isSent = access(path, F_OK) == 0
      unlink(path)
      exit(isSent ? 0 : 3)
    }
  }

  @Test func aNewInstanceIgnoresEarlierSignals() async {
    await #expect(processExitsWith: .success) {
      do {
        let stop = StopRequest()
        kill(getpid(), SIGTERM)
        waitUntil { stop.isRequested }
      }
      precondition(!StopRequest().isRequested)
    }
  }

  @Test func interruptedSystemCallsResume() async {
    await #expect(processExitsWith: .success) {
      let stop = StopRequest()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let reader = ends[0]
      let thread = Mutex<pthread_t?>(nil)
      let count = Mutex<Int?>(nil)
      let reading = try NativeThread.start {
        var none = sigset_t()  // threads of a test inherit a mask that blocks all signals
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        thread.withLock { $0 = pthread_self() }
        var byte: UInt8 = 0
        let bytes = read(reader, &byte, 1)
        count.withLock { $0 = bytes }
      }
      waitUntil { thread.withLock { $0 } != nil }
      usleep(50_000)
      if let thread = thread.withLock({ $0 }) { pthread_kill(thread, SIGUSR1) }
      waitUntil { stop.isRequested }
      var byte: UInt8 = 7
      write(ends[1], &byte, 1)
      reading.join()
      precondition(count.withLock { $0 } == 1)
    }
  }

  @Test func otherSignalsCanBeChosen() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      let stop = StopRequest(signals: [SIGUSR2])
      kill(getpid(), SIGUSR2)
      waitUntil { stop.signal == SIGUSR2 }
      kill(getpid(), SIGTERM)
      waitUntil { false }
    }
  }
}

/// Waits until a condition holds, for at most ten seconds, because another thread may receive the
/// signal.
private func waitUntil(_ condition: () -> Bool) {
  for _ in 0..<1000 {
    if condition() { return }
    usleep(10_000)
  }
  fatalError("timed out")
}
