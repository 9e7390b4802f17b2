import FoundationEssentials
import Glibc
import Testing
import Worker

@Suite struct RecordTests {
  struct Boom: Error, CustomStringConvertible { var description: String { "it broke" } }

  @Test func theBodysResultIsReturned() async {
    #expect(record { 3 } == 3)
    #expect(await record { () async in 4 } == 4)
  }

  @Test func anUncaughtErrorIsPrintedAndTheExitCodeIsOne() async throws {
    let result = try #require(
      await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
        record { throw Boom() }
      })
    let text = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(text.contains("error: Boom: it broke\n"))
  }

  @Test func anUncaughtErrorIsWrittenToTheErrorFile() async throws {
    await #expect(processExitsWith: .success) {
      let path = "/tmp/lockstep-record-\(getpid())"
      setenv(WorkerVariable.errorFile.rawValue, path, 1)
      atexit {  // runs after the record is written, in the exiting process
        let path = "/tmp/lockstep-record-\(getpid())"
        let written = try? ErrorRecord(contentsOfFile: path)
        unlink(path)
        _exit(written?.message == "Boom: it broke" ? 0 : 3)
      }
      await record { () async throws in throw Boom() }
    }
  }

  @Test func withoutALauncherNothingIsWritten() async {
    await #expect(processExitsWith: .success) {
      unsetenv(WorkerVariable.errorFile.rawValue)
      exit(ErrorRecord(message: "x").writeToErrorFile() ? 1 : 0)
    }
  }
}
