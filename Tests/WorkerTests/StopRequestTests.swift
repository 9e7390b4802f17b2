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
        kill(getpid(), SIGTERM)
        waitUntil { stop.isRequested }
      }
      kill(getpid(), SIGTERM)
      waitUntil { false }
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
