import Glibc
import Support
import Synchronization
import Testing

/// Exits of a process whose threads use an object that is destroyed at exit.
@Suite struct ProcessExitTests {
  /// Stands for a library's static object: `atexit` frees it as the library's destructor would.
  private enum Library {
    static let isDestroyed = Atomic(false)
    static let isStopped = Atomic(false)
    static let uses = Atomic(0)

    /// Starts threads that use the object until they are stopped; one that finds it destroyed ends
    /// the process with 99.
    static func startThreads(_ count: Int, stopsOnRequest: Bool = true) throws {
      atexit { Library.isDestroyed.store(true, ordering: .sequentiallyConsistent) }
      for _ in 0..<count {
        try ProcessExit.startThread(
          name: "test", stop: { isStopped.store(true, ordering: .sequentiallyConsistent) }
        ) {
          while !(stopsOnRequest && isStopped.load(ordering: .sequentiallyConsistent)) {
            if isDestroyed.load(ordering: .sequentiallyConsistent) { _exit(99) }
            uses.add(1, ordering: .relaxed)
          }
          usleep(20_000)
          if isDestroyed.load(ordering: .sequentiallyConsistent) { _exit(99) }
        }
      }
      while uses.load(ordering: .relaxed) < 1000 { usleep(100) }
      // As a library does that creates a static object when it is first used.
      atexit {
        Library.isDestroyed.store(true, ordering: .sequentiallyConsistent)
        usleep(50_000)
      }
    }
  }

  @Test func theThreadsAreJoinedBeforeObjectsAreDestroyed() async {
    await #expect(processExitsWith: .exitCode(7)) {
      try Library.startThreads(4)
      exit(7)
    }
  }

  @Test func theThreadsAreJoinedIfTheExitIsCalledHere() async {
    await #expect(processExitsWith: .exitCode(7)) {
      try Library.startThreads(2)
      ProcessExit.exit(7)
    }
  }

  @Test func aThreadThatDoesNotStopPreventsTheDestruction() async {
    await #expect(processExitsWith: .exitCode(8)) {
      try Library.startThreads(2, stopsOnRequest: false)
      exit(8)
    }
  }

  @Test func oneOfTheThreadsMayExitTheProcess() async {
    await #expect(processExitsWith: .exitCode(9)) {
      try Library.startThreads(2)
      try ProcessExit.startThread(name: "exits", stop: {}) {
        ProcessExit.exit(9, destroysStatics: false)
      }
      while true { sleep(1) }
    }
  }

  @Test func ofManyThreadsThatExitOneDecides() async {
    await #expect(processExitsWith: .exitCode(5)) {
      try Library.startThreads(1)
      for _ in 0..<8 {
        try ProcessExit.startThread(name: "exits", stop: {}) {
          ProcessExit.exit(5, destroysStatics: false)
        }
      }
      while true { sleep(1) }
    }
  }

  @Test func anExitDuringTheExitEndsTheProcess() async {
    await #expect(processExitsWith: .exitCode(6)) {
      atexit { ProcessExit.exit(6) }
      ProcessExit.exit(5)
    }
  }

  @Test func outputIsFlushedIfNothingIsDestroyed() async throws {
    let result = try #require(
      await #expect(processExitsWith: .exitCode(4), observing: [\.standardOutputContent]) {
        try Library.startThreads(1, stopsOnRequest: false)
        print("the last line", terminator: "")
        exit(4)
      })
    let text = String(decoding: result.standardOutputContent, as: UTF8.self)
    #expect(text.contains("the last line"))
  }

  @Test func withoutThreadsTheHandlersRun() async {
    await #expect(processExitsWith: .exitCode(3)) {
      atexit { _exit(3) }
      try ProcessExit.startThread(name: "short", stop: {}) {}
      ProcessExit.exit(1)
    }
  }

  @Test func aThreadIsJoinedWithinALimit() throws {
    let mayEnd = Monitor(false)
    let thread = try NativeThread.start { mayEnd.wait { $0 ? () : nil } }
    #expect(!thread.join(within: .zero))
    #expect(!thread.join(within: .milliseconds(5)))
    mayEnd.change { $0 = true }
    #expect(thread.join(within: .seconds(60)))
  }
}
