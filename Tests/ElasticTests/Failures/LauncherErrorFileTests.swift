import Foundation
import ProcessHarness
import Testing

/// The error file that a scheduler gives to the launcher itself.
@Suite(.timeLimit(.minutes(2))) struct LauncherErrorFileTests {
  /// Runs a job and returns the launcher's error file; `nil` if there is none.
  private func errorFile(_ arguments: [String]) async throws -> (code: Int32, file: [String: Any]?)
  {
    let folder = try TestFolder()
    let job = try Launcher(
      arguments, environment: ["TORCHELASTIC_ERROR_FILE": folder.file("launcher.json")], in: folder)
    let result = try await job.result()
    let file = try folder.data("launcher.json").map {
      try #require(try JSONSerialization.jsonObject(with: $0) as? [String: Any])
    }
    return (result.code, file)
  }

  private func message(_ file: [String: Any]?) throws -> [String: Any] {
    try #require(file?["message"] as? [String: Any])
  }

  @Test func theRootCausesFileIsCopiedWithAllItsFields() async throws {
    let (code, file) = try await errorFile([
      "--nproc-per-node", "2", "sh", "-c",
      """
      [ $RANK = 1 ] || sleep 100
      echo '{"message": {"message": "boom", "extraInfo": {"timestamp": "5", "x": [1.5, null]}}}' \
        > $TORCHELASTIC_ERROR_FILE
      exit 9
      """,
    ])
    #expect(code == 9)
    let message = try message(file)
    #expect(message["message"] as? String == "boom")
    #expect(message["errorCode"] as? Int == 9)
    let extra = try #require(message["extraInfo"] as? [String: Any])
    #expect(extra["timestamp"] as? String == "5")
    let list = try #require(extra["x"] as? [Any])
    #expect(list.count == 2 && list[0] as? Double == 1.5 && list[1] is NSNull)
  }

  @Test(arguments: [
    ("exit 3", 3, "ended with exit code 3"), ("kill -9 $$", -9, "ended with SIGKILL"),
    ("kill -6 $$", -6, "ended with SIGABRT"), ("exit 1", 1, "rank 0"),
    ("echo text > $TORCHELASTIC_ERROR_FILE; exit 2", 2, "text"),
  ])
  func aFailureWithoutAFileIsDescribed(script: String, errorCode: Int, words: String) async throws {
    let (_, file) = try await errorFile(["sh", "-c", "echo last words >&2; " + script])
    let message = try message(file)
    #expect(message["errorCode"] as? Int == errorCode)
    #expect((message["message"] as? String)?.contains(words) == true)
    let extra = try #require(message["extraInfo"] as? [String: Any])
    #expect(Int(extra["timestamp"] as? String ?? "") ?? 0 > 1_700_000_000)
  }

  @Test func aMessageOfAnotherFormStaysUnchanged() async throws {
    let (_, file) = try await errorFile([
      "sh", "-c", #"echo '{"message": "new form", "code": 7}' > $TORCHELASTIC_ERROR_FILE; exit 1"#,
    ])
    #expect(file?["message"] as? String == "new form")
    #expect(file?["code"] as? Int == 7)
    #expect(file?.count == 2)
  }

  @Test(arguments: [
    (["--tee", "9", "true"], 64, "--tee 9"), (["/no/such/program"], 127, "does not exist"),
    (["--nproc", "0", "true"], 64, "--nproc-per-node 0"), (["/etc/passwd"], 126, "not executable"),
    (["--standalone", "--nnodes", "2", "true"], 64, "--standalone"),
  ])
  func errorsOfTheLauncherAreWrittenToo(
    arguments: [String], code: Int32, words: String
  ) async throws {
    let (exitCode, file) = try await errorFile(arguments)
    #expect(exitCode == code)
    let message = try message(file)
    #expect(message["errorCode"] as? Int == Int(code))
    #expect((message["message"] as? String)?.contains(words) == true)
  }

  @Test func aSuccessfulJobWritesNone() async throws {
    let (code, file) = try await errorFile(["true"])
    #expect(code == 0)
    #expect(file == nil)
  }

  @Test(arguments: [0, 1]) func everyNodeWritesTheRootCause(failing: Int) async throws {
    let shared = try TestFolder()
    let port = freePort()
    let nodes = try (0..<2).map { number in
      try Launcher(
        [
          "--rdzv-endpoint=127.0.0.1:\(port)", "--nnodes=2", "--node-rank=\(number)", "sh",
          "-c",
          """
          [ $RANK = \(failing) ] || exec sleep 100
          echo '{"message": {"message": "boom", "extraInfo": {}}}' > $TORCHELASTIC_ERROR_FILE
          exit 5
          """,
        ], environment: ["TORCHELASTIC_ERROR_FILE": shared.file("\(number).json")])
    }
    for (number, node) in nodes.enumerated() {
      #expect(try await node.result().code == 5)
      let data = try #require(shared.data("\(number).json"))
      let file = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let message = try message(file)
      #expect(message["message"] as? String == "boom")
      #expect(message["errorCode"] as? Int == 5)
    }
  }
}
