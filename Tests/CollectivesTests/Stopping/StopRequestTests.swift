import Collectives
import Glibc
import Testing

@Suite struct StopRequestTests {
  @Test func aSignalIsNotedAndEndsNothing() async {
    await #expect(processExitsWith: .success) {
      let stop = StopRequest()
      precondition(!stop.isRequested && stop.signal == nil)
      for signal in [SIGTERM, SIGTERM, SIGUSR1] {
        raise(signal)
        precondition(stop.isRequested && stop.signal == signal)
      }
    }
  }

  @Test func afterwardsTheSignalEndsTheProcessAgain() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      do {
        let stop = StopRequest()
        raise(SIGTERM)
        precondition(stop.isRequested)
      }
      raise(SIGTERM)
      exit(0)
    }
  }

  @Test func aNewInstanceKnowsNothingOfOldSignals() async {
    await #expect(processExitsWith: .success) {
      do {
        let stop = StopRequest()
        raise(SIGTERM)
        precondition(stop.isRequested)
      }
      precondition(!StopRequest().isRequested)
    }
  }

  @Test func aSystemCallThatIsInterruptedGoesOn() async {
    await #expect(processExitsWith: .success) {
      let stop = StopRequest()
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let parent = getpid()
      var byte: UInt8 = 0
      let writer = ends[1]
      let call = ThreadCall {
        usleep(50_000)
        kill(parent, SIGUSR1)
        usleep(50_000)
        var byte: UInt8 = 7
        write(writer, &byte, 1)
      }
      precondition(read(ends[0], &byte, 1) == 1 && byte == 7 && stop.isRequested)
      try call.value()
    }
  }

  @Test func otherSignalsCanBeChosen() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      let stop = StopRequest(signals: [SIGUSR2])
      raise(SIGUSR2)
      precondition(stop.signal == SIGUSR2)
      raise(SIGTERM)
    }
  }
}
