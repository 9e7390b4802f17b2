import Foundation
import ProcessHarness
import Testing
import Torch

/// The toy programs as processes: their output, their files, and their end.
@Suite(.timeLimit(.minutes(5))) struct ToyTests {
  static func start(_ program: String, _ arguments: String...) throws -> ChildProcess {
    try ChildProcess.inOwnFolder(
      program, arguments, environment: ["CUDA_VISIBLE_DEVICES": ""])
  }

  /// The lines that a program with `ranks` ranks prints per epoch.
  static func lines(epochs: Int, ranks: Int, batchSize: Int = 32, steps: Int) -> [String] {
    (0..<epochs).flatMap { epoch in
      (0..<ranks).map { "[CPU\($0)] Epoch \(epoch) | Batchsize: \(batchSize) | Steps: \(steps)" }
    }
  }

  static func saved(_ epochs: Int...) -> [String] {
    epochs.map { "Epoch \($0) | Training checkpoint saved at checkpoint.pt" }
  }

  @Test func singleProcessPrintsEachEpochAndSaves() async throws {
    let job = try Self.start("toy-single", "--total-epochs", "5", "--save-every", "2")
    let result = try await job.result()
    #expect(result.code == 0)
    #expect(result.errors == "")
    var lines = Self.lines(epochs: 5, ranks: 1, steps: 64)
    for (offset, epoch) in [0, 2, 4].enumerated() {
      lines.insert(contentsOf: Self.saved(epoch), at: epoch + 1 + offset)
    }
    #expect(result.output.split(separator: "\n").map(String.init) == lines)
    let state = try PyTorchFile.readStateDict(path: job.folder.file("checkpoint.pt"))
    #expect(state.mapValues(\.shape) == ["weight": [1, 20], "bias": [1]])
  }

  /// Numbers of ranks, batch sizes, and the resulting steps for 2048 samples.
  @Test(arguments: [(1, 32, 64), (2, 32, 32), (3, 32, 22), (3, 100, 7), (2, 5000, 1)])
  func everyRankRunsItsShareOfTheSteps(ranks: Int, batchSize: Int, steps: Int) async throws {
    let job = try Self.start(
      "toy-ddp", "--nproc", "\(ranks)", "--total-epochs", "3", "--save-every", "2",
      "--batch-size", "\(batchSize)")
    let result = try await job.result()
    #expect(result.code == 0)
    #expect(
      result.errors
        == (ranks > 1 ? "lockstep: \(ranks) ranks over shm (all ranks on one host)\n" : ""))
    let lines = Self.lines(epochs: 3, ranks: ranks, batchSize: batchSize, steps: steps)
    #expect(
      result.output.split(separator: "\n").map(String.init).sorted()
        == (lines + Self.saved(0, 2)).sorted(), "each line occurs once, and one rank saves")
    let files = try FileManager.default.contentsOfDirectory(atPath: job.folder.path)
    #expect(files.sorted() == ["checkpoint.pt", "child.err", "child.out"])
  }

  @Test func traceContainsTheStepsOfEveryRank() async throws {
    let job = try Self.start(
      "toy-ddp", "--nproc", "2", "--total-epochs", "2", "--trace", "trace.json")
    let result = try await job.result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains(/Trace saved at trace.json \| Overlapped: [01]/))
    let counts = try eventCounts(job.folder.file("trace.json"))
    for rank in 0..<2 {
      for name in ["forward", "backward", "bucket 0", "bucket 0 ready", "optimizer"] {
        #expect(counts["\(name) on \(rank)"] == 2 * 32)
      }
    }
  }

  /// Runs a program and returns the state dict that it saves after its last epoch.
  func train(_ program: String, _ arguments: String..., epochs: Int) async throws -> StateDict {
    let job = try ChildProcess.inOwnFolder(
      program,
      arguments + ["--total-epochs", "\(epochs)", "--save-every", "\(max(1, epochs - 1))"],
      environment: ["CUDA_VISIBLE_DEVICES": ""])
    let result = try await job.result()
    try #require(result.code == 0, "\(result.errors)")
    return try PyTorchFile.readStateDict(path: job.folder.file("checkpoint.pt"))
  }

  @Test func oneRankEqualsOneProcessBitForBit() async throws {
    let single = try await train("toy-single", epochs: 5)
    let one = try await train("toy-ddp", "--nproc", "1", epochs: 5)
    #expect(single.fingerprint == one.fingerprint)
  }

  /// If replicas diverged, the averaged gradients would be those of different models.
  @Test(arguments: [2, 4])
  func manyRanksEqualOneProcessOnTheJoinedBatch(ranks: Int) async throws {
    let single = try await train("toy-single", "--batch-size", "\(32 * ranks)", epochs: 10)
    let many = try await train("toy-ddp", "--nproc", "\(ranks)", epochs: 10)
    for name in ["weight", "bias"] {
      let one = try #require(single[name])
      let other = try #require(many[name])
      #expect((one - other).abs().max().item < 1e-6)
    }
  }

  @Test func equalRunsSaveEqualFiles() async throws {
    let first = try await train("toy-ddp", "--nproc", "3", epochs: 3)
    let second = try await train("toy-ddp", "--nproc", "3", epochs: 3)
    #expect(first.fingerprint == second.fingerprint)
  }

  @Test func lossDecreases() async throws {
    manualSeed(0)  // like the programs
    let samples = (0..<2048).map { _ in
      (Tensor.rand([1, 20]), Tensor.rand([1, 1]))
    }
    let inputs = Tensor.cat(samples.map(\.0))
    let targets = Tensor.cat(samples.map(\.1))
    let model = Linear(20, 1)
    var losses = [mseLoss(try model(inputs), targets).item]
    for epochs in [1, 20] {
      try await model.loadStateDict(train("toy-ddp", "--nproc", "2", epochs: epochs))
      losses.append(mseLoss(try model(inputs), targets).item)
    }
    #expect(losses == losses.sorted(by: >), "\(losses)")
    #expect(losses[2] < 0.75 * losses[0], "\(losses)")
  }

  @Test(arguments: [
    ("toy-single", ["--batch-size", "0"]), ("toy-single", ["--save-every", "0"]),
    ("toy-single", ["--total-epochs", "0"]), ("toy-ddp", ["--nproc", "0"]),
    ("toy-ddp", ["--save-every=-1"]),
  ])
  func optionsBelowOneAreRejected(program: String, options: [String]) async throws {
    let result = try await ChildProcess.run(program, options)
    #expect(result.code == 64)
    #expect(result.errors.contains("every count must be at least 1"))
    #expect(result.output == "")
  }

  @Test(arguments: ["toy-single", "toy-ddp"])
  func unwritableFolderIsReported(program: String) async throws {
    let job = try ChildProcess(
      "/bin/sh", ["-c", "cd /proc && exec \"$0\" --total-epochs 1", ChildProcess.product(program)])
    let result = try await job.result()
    #expect(result.code == 1)
    #expect(result.errors.contains("'checkpoint.pt'"), "\(result.errors)")
    #expect(!result.output.contains("saved"))
    if program == "toy-ddp" { #expect(result.errors.contains("rank 0 was the first to fail")) }
  }

  /// Starts a long job of two ranks and returns it with the ranks' process ids after its first
  /// save.
  func running() async throws -> (job: ChildProcess, pids: [pid_t]) {
    let job = try Self.start("toy-ddp", "--nproc", "2", "--total-epochs", "100000")
    try await value { job.output.contains("checkpoint.pt") ? () : nil }
    let pids = try await value { () -> [pid_t]? in
      let children = FileManager.default.contents(
        atPath: "/proc/\(job.processIdentifier)/task/\(job.processIdentifier)/children")
      let pids = String(decoding: children ?? Data(), as: UTF8.self).split(separator: " ")
        .compactMap { pid_t($0) }.filter { Self.rank(of: $0) != nil }
      return pids.count == 2 ? pids : nil
    }
    return (job, pids.sorted { (Self.rank(of: $0) ?? 0) < (Self.rank(of: $1) ?? 0) })
  }

  /// The rank of a process, from its environment; `nil` for other processes.
  static func rank(of pid: pid_t) -> Int? {
    let environment = FileManager.default.contents(atPath: "/proc/\(pid)/environ") ?? Data()
    return environment.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      .first { $0.hasPrefix("RANK=") }.flatMap { Int($0.dropFirst(5)) }
  }

  @Test(arguments: [0, 1])
  func killedRankEndsTheJobWithOneReport(rank: Int) async throws {
    let (job, pids) = try await running()
    kill(pids[rank], SIGKILL)
    let result = try await job.result()
    #expect(result.code == 137)
    #expect(result.errors.contains("toy-ddp FAILED: rank \(rank) was the first to fail"))
    #expect(result.errors.split(separator: "FAILED").count == 2)
    #expect(pids.filter(isAlive) == [])
  }

  @Test func ctrlCLeavesNoProcess() async throws {
    let (job, pids) = try await running()
    job.send(SIGINT)
    #expect(try await job.result().code == 130)
    #expect(pids.filter(isAlive) == [])
  }

  @Test func ranksExitWithinASecondOfAKilledParent() async throws {
    let (job, pids) = try await running()
    job.send(SIGKILL)
    _ = try await job.result()
    try await Task.sleep(for: .seconds(1))
    #expect(pids.filter(isAlive) == [])
  }
}

/// The number of events per name and rank in a trace.
func eventCounts(_ path: String) throws -> [String: Int] {
  let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
  let events = try #require((json as? [String: Any])?["traceEvents"] as? [[String: Any]])
  return Dictionary(
    events.map { ("\($0["name"] ?? "") on \($0["pid"] ?? "")", 1) }, uniquingKeysWith: +)
}
