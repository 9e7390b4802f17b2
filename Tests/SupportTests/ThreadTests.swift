import Foundation
import Support
import Synchronization
import Testing

@Suite struct ThreadTests {
  @Test func aThreadHasItsName() throws {
    let name = Monitor<String?>(nil)
    try NativeThread.start(name: "name-that-is-cut") {
      let path = "/proc/thread-self/comm"
      let text = try? String(contentsOfFile: path, encoding: .utf8)
      name.change { $0 = text ?? "" }
    }.join()
    #expect(name.withLock { $0 } == "name-that-is-cu\n")
  }

  @Test func itemsRunOneAtATimeInTheirOrder() throws {
    let order = Monitor<[Int]>([])
    let isRunning = Atomic(false)
    let thread = SerialThread(name: "test")
    for item in 0..<100 {
      try thread.run {
        let wasRunning = isRunning.exchange(true, ordering: .relaxed)
        order.change { $0.append(wasRunning ? -1 : item) }
        isRunning.store(false, ordering: .relaxed)
      }
    }
    let items = order.wait(until: Deadline(after: .seconds(60))) { $0.count == 100 ? $0 : nil }
    #expect(items == Array(0..<100))
  }

  @Test func theThreadEndsAfterTheLastItem() throws {
    let count = Monitor(0)
    var thread: SerialThread? = SerialThread(name: "short-lived")
    for _ in 0..<10 { try thread?.run { count.change { $0 += 1 } } }
    thread = nil
    #expect(count.wait(until: Deadline(after: .seconds(60))) { $0 == 10 ? true : nil } == true)
    func isRunning() throws -> Bool {
      let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
      return tasks.contains {
        (try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8))
          == "short-lived\n"
      }
    }
    for _ in 0..<1000 where try isRunning() { usleep(10_000) }
    #expect(try !isRunning())
    #expect(thread == nil)
  }
}
