import Foundation
import ProcessHarness
import Testing
import Torch
import Training
import Transformers

@Suite(.timeLimit(.minutes(10))) struct FinetuneBERTTests {
  @Test(arguments: [1, 2, 3])
  func jobCompletesWithEqualReplicas(ranks: Int) async throws {
    let job = try TinyJob()
    let result = try await job.run(
      ranks: ranks, "--output", job.folder.file("out"), "--json", job.folder.file("log.json"))
    #expect(result.code == 0, "\(result.errors)")
    let hashes = result.output.matches(of: /rank \d: ([0-9a-f]{16})/).map(\.1)
    #expect(hashes.count == ranks)
    #expect(Set(hashes).count == 1)
    #expect(result.output.contains(/accuracy     [01]\.\d{4}: \d+ of 33 test reviews/))

    let lines = (job.folder.text("log.json") ?? "").split(separator: "\n")
    let samplesPerRank = (64 + ranks - 1) / ranks
    #expect(lines.count == 2 * ((samplesPerRank + 3) / 4) + 1, "two epochs of steps, and a summary")
    #expect(lines.last?.contains("\"samples_per_second\"") == true)

    let (model, report) = try BertForSequenceClassification.pretrained(
      at: job.folder.file("out"))
    #expect(report == LoadReport(missingKeys: [], unexpectedKeys: []))
    let fingerprint = String(model.stateDict.fingerprint, radix: 16)
    #expect(hashes.first?.hasSuffix(fingerprint) == true, "the saved model has the same bits")
  }

  @Test func reportIsPrintedAndSavedWithTheModel() async throws {
    let job = try TinyJob()
    let result = try await job.run(ranks: 3, "--output", job.folder.file("out"))
    #expect(result.code == 0, "\(result.errors)")
    let data = try #require(job.folder.data("out/eval_results.json"))
    let report = try JSONDecoder().decode(ClassificationReport.self, from: data)
    #expect(report.samples == 33)
    #expect(report.classes.map(\.support) == [17, 16])
    #expect(report.rocAUC != nil)
    for line in report.description.split(separator: "\n") {
      #expect(result.output.contains("[default0]:  \(line)\n"), "\(result.output)")
    }
    #expect(result.output.contains(/waiting      \d+\.\d\d % of the training time/))
  }

  @Test func oneRankTokenizesAndLaterRunsReuseTheCache() async throws {
    let job = try TinyJob()
    func run(_ more: String...) async throws -> (weights: Substring?, tokenized: Int) {
      let result = try await ChildProcess.run(
        "lockstep",
        ["run", "--standalone", "--nproc-per-node", "3", ChildProcess.product("finetune-bert")]
          + job.arguments() + more)
      #expect(result.code == 0, "\(result.errors)")
      return (
        result.output.firstMatch(of: /rank 0: ([0-9a-f]{16})/)?.1,
        result.errors.matches(of: /tokenizing (train|test) 100%/).count
      )
    }
    let first = try await run()
    #expect(first.tokenized == 2, "both splits, each by one rank")
    let second = try await run("--workers", "3")
    #expect(second.tokenized == 0)
    #expect(first.weights == second.weights)
    #expect(try await run("--max-length", "8").tokenized == 2)
    try job.writeReviews("test", count: 34)
    #expect(try await run().tokenized == 1, "the training reviews are still cached")
  }

  @Test func jsonLinesAndCSVGiveEqualWeights() async throws {
    let job = try TinyJob()
    func weights() async throws -> Substring? {
      let result = try await job.run(ranks: 1)
      return result.output.firstMatch(of: /rank 0: ([0-9a-f]{16})/)?.1
    }
    let csv = try await weights()
    #expect(csv != nil)
    for name in ["train", "test"] {
      let rows = try #require(job.folder.text("data/\(name).csv")).split(separator: "\n")
        .dropFirst()
      let lines = rows.map { row -> String in
        let parts = row.split(separator: "\"")
        return "{\"text\": \"\(parts[0])\", \"label\": \(parts[1].dropFirst())}"
      }
      try job.folder.create("data/\(name).jsonl", lines.joined(separator: "\n"))
      try FileManager.default.removeItem(atPath: job.folder.file("data/\(name).csv"))
    }
    #expect(try await weights() == csv)
  }

  @Test func everyStepIsRecordedOnce() async throws {
    let job = try TinyJob()
    let logs = job.folder.file("logs")
    let result = try await job.run(
      ranks: 2, "--log-dir", logs, "--trace", job.folder.file("trace.json"))
    #expect(result.code == 0, "\(result.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: logs).sorted()
    #expect(names.count == 2 && names[0].hasPrefix("events.out.tfevents."))
    let lines = (job.folder.text("logs/metrics.jsonl") ?? "").split(separator: "\n")
    #expect(lines.count == 1 + 16)
    #expect(lines.first?.contains("\"hyperparameters\":{\"batch size per rank\":\"4\"") == true)
    for (step, line) in lines.dropFirst().enumerated() {
      #expect(line.contains("\"step\":\(step),"))
      #expect(line.contains(/"train\/learning_rate":[0-9.e-]+,"train\/loss":0\.\d+,/))
      #expect(line.contains(/"ddp\/overlapped_share":[01]/), "each step is measured for the trace")
    }
    #expect(
      result.output.contains(/overlap      \d+ % of communication overlapped the backward pass/))
    struct Trace: Decodable {
      struct Event: Decodable {
        var name: String
        var pid: Int
      }
      var traceEvents: [Event]
    }
    let text = job.folder.text("trace.json") ?? ""
    let trace = try JSONDecoder().decode(Trace.self, from: Data(text.utf8))
    for rank in 0..<2 {
      let names = trace.traceEvents.filter { $0.pid == rank }.map(\.name)
      for name in ["batch", "forward", "backward", "bucket 0 ready", "bucket 0", "optimizer"] {
        #expect(names.count { $0 == name } == 16, "\(name) of rank \(rank)")
      }
    }
  }

  @Test func equalSeedsGiveEqualWeights() async throws {
    let job = try TinyJob()
    func hash(_ seed: String) async throws -> Substring? {
      let result = try await job.run(ranks: 2, "--seed", seed)
      return result.output.firstMatch(of: /rank 0: ([0-9a-f]{16})/)?.1
    }
    let first = try await hash("5")
    #expect(first != nil)
    let again = try await hash("5")
    #expect(first == again)
    let other = try await hash("6")
    #expect(first != other)
  }

  @Test func trainingReachesFullAccuracy() async throws {
    let job = try TinyJob()
    let result = try await job.run(
      ranks: 2, "--epochs", "15", "--learning-rate", "1e-2", "--dropout", "0")
    #expect(result.output.contains("accuracy     1.0000: 33 of 33"), "\(result.output)")
  }

  @Test func replicasStayEqualWithBfloat16AccumulationAndClipping() async throws {
    let job = try TinyJob()
    let result = try await job.run(
      ranks: 2, "--precision", "bf16", "--gradient-accumulation", "3", "--max-grad-norm", "0.1",
      "--json", job.folder.file("log.json"))
    #expect(result.code == 0, "\(result.errors)")
    let hashes = result.output.matches(of: /rank \d: ([0-9a-f]{16})/).map(\.1)
    #expect(hashes.count == 2 && Set(hashes).count == 1)
    // 32 reviews on each rank are 8 batches, in groups of 3, 3 and 2.
    let lines = (job.folder.text("log.json") ?? "").split(separator: "\n").dropLast()
    let samples = lines.compactMap { $0.firstMatch(of: /"samples":(\d+)/)?.1 }
    #expect(samples == ["24", "24", "16", "24", "24", "16"])
  }

  @Test func withoutALauncherTheJobHasOneRank() async throws {
    let job = try TinyJob()
    let result = try await ChildProcess.run("finetune-bert", job.arguments())
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("samples/s on 1 ranks"))
  }

  /// Invalid options, and the words that the error message must contain.
  @Test(arguments: [
    (["--batch-size", "0"], "--batch-size is 0; it must be at least 1"),
    (["--batch-size", "\(Int.max)"], "--batch-size is \(Int.max); it must be at most 1000000"),
    (["--epochs", "0"], "--epochs is 0"),
    (["--epochs", "\(Int.max)"], "--epochs is \(Int.max); it must be at most 1000000"),
    (["--gradient-accumulation", "0"], "--gradient-accumulation is 0"),
    (["--max-grad-norm", "0"], "--max-grad-norm is 0.0; it must be greater than 0"),
    (["--precision", "fp16"], "'fp32' and 'bf16'"),
    (["--max-length", "64"], "the model accepts at most 32 tokens"),
    (["--train-samples", "65"], "has 64"),
    (["--train-samples", "1"], "1 training reviews are fewer than the 2 ranks"),
    (["--model", "/no/such/model"], "/no/such/model"),
    (["--data", "/no/such/data"], "/no/such/data: the folder does not exist"),
    (["--device", "cuda:7"], "cuda:7"),
    (["--device", "tpu"], "unknown device 'tpu'"),
    (["--output", "/dev/null/x"], "cannot write to the folder '/dev/null/x' given with --output"),
    (["--json", "/dev/null/x"], "/dev/null/x"),
    (["--log-dir", "/dev/null/x"], "/dev/null/x"),
    (["--workers", "0"], "--workers is 0; it must be at least 1"),
    (["--cache", "/dev/null/x"], "pass a writable folder with --cache"),
    (["--trace", "/dev/null/x"], "cannot write the trace to '/dev/null/x'"),
  ])
  func invalidOptionsAreReported(options: [String], message: String) async throws {
    let job = try TinyJob()
    let result = try await ChildProcess.run(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", ChildProcess.product("finetune-bert"),
      ] + job.arguments() + options)
    #expect(result.code != 0)
    #expect((result.output + result.errors).contains(message), "\(result.errors)")
    #expect(!result.output.contains("average loss"), "reported before training")
  }

  @Test(arguments: [
    ["--seed", "\(Int.max)"], ["--warmup-steps", "\(Int.max)"], ["--timeout", "\(Int.max)"],
  ])
  func extremeValuesAreAccepted(options: [String]) async throws {
    let job = try TinyJob()
    let result = try await ChildProcess.run(
      "lockstep",
      [
        "run", "--standalone", "--nproc-per-node", "2", ChildProcess.product("finetune-bert"),
      ] + job.arguments() + options)
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test func nonFiniteLossEndsTheJobWithAMessage() async throws {
    let job = try TinyJob()
    let result = try await ChildProcess.run(
      "finetune-bert",
      job.arguments("--learning-rate", "1e30", "--json", job.folder.file("log.json")))
    #expect(result.code == 1)
    #expect(result.errors.contains("nan on rank 0: training cannot continue"))
  }

  @Test func jsonLogFollowsALink() async throws {
    let job = try TinyJob()
    let link = job.folder.file("link.json")
    let target = job.folder.file("target.json")
    try job.folder.create("target.json", "old")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    let result = try await ChildProcess.run("finetune-bert", job.arguments("--json", link))
    #expect(result.code == 0, "\(result.errors)")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    #expect(job.folder.text("target.json")?.hasPrefix("{") == true)
  }

  /// A limit on the file size simulates a full disk.
  @Test func unwritableJSONLogIsReported() async throws {
    let job = try TinyJob()
    let log = job.folder.file("log.json")
    let first = try await job.run(ranks: 1)
    #expect(first.code == 0, "caches the reviews, whose file would exceed the limit first")
    let result = try await ChildProcess.run(
      "/bin/sh",
      [
        "-c", "trap '' XFSZ; ulimit -f 2; exec \"$@\"", "sh",
        ChildProcess.product("finetune-bert"),
      ] + job.arguments("--json", log))
    #expect(result.code == 1)
    #expect(result.errors.contains("cannot write the file '\(log)' given with --json: "))
  }

  @Test(arguments: [
    ("text,sentiment\n\"a\",1\n", "there is no column \"label\""),
    ("text,label\n\"a,1\n", "train.csv:2"),
    ("text,label\n\"a\",1\n\"b\",2\n", "train.csv:3"),
    ("", "train.csv"),
  ])
  func invalidReviewFilesAreReported(text: String, message: String) async throws {
    let job = try TinyJob()
    try job.folder.create("data/train.csv", text)
    let result = try await ChildProcess.run("finetune-bert", job.arguments())
    #expect(result.code != 0)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func vocabularyWithoutUnknownTokenIsRejected() async throws {
    let job = try TinyJob()
    try job.folder.create("model/vocab.txt", "[PAD]\n[CLS]\n[SEP]\ngood\n")
    let result = try await ChildProcess.run("finetune-bert", job.arguments())
    #expect(result.code != 0)
    #expect(result.errors.contains("[UNK]"), "\(result.errors)")
  }

  @Test func truncatedWeightsAreRejected() async throws {
    let job = try TinyJob()
    try job.folder.create("model/model.safetensors", "\u{10}")
    let result = try await ChildProcess.run(
      "finetune-bert", job.arguments().filter { $0 != "--from-scratch" })
    #expect(result.code != 0)
    #expect(result.errors.contains("model.safetensors' is not a valid safetensors file"))
  }
}
