import Support
import Testing

@Suite struct LogTests {
  @Test func messagesHaveTheirLevel() async throws {
    let result = try #require(
      await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
        Log.notice("2 ranks over shm")
        Log.warning("the file is damaged")
        Log.error("the disk is full")
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(
      text.contains(
        "lockstep: 2 ranks over shm\nlockstep: warning: the file is damaged\n"
          + "lockstep: error: the disk is full\n"))
  }
}
