import ProcessHarness
import Testing
import Torch

/// Compares the examples with the same programs in Python, from the same seed.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing), .serialized) struct ExamplePeerTests {
  private let folder: TestFolder

  init() throws {
    folder = try TestFolder()
    try folder.createImages("train", count: 160)
    try folder.createImages("t10k", count: 33)
    try folder.create("text.txt", String(repeating: "Grüße, quick brown fox.\r\n", count: 40))
  }

  private func arguments(_ example: String) -> [String] {
    let common = ["--batch-size", "8", "--log-every", "1"]
    return switch example {
    case "char-gpt":
      common + ["--text", folder.file("text.txt"), "--steps", "10", "--sample", "20"]
    case "resnet": common + ["--data", folder.path, "--epochs", "1"]
    default: common + ["--length", "600", "--epochs", "1"]
    }
  }

  /// The output of our example, and that of the peer.
  private func run(
    _ example: String, ranks: Int, _ more: [String] = [], save: Bool = false
  ) async throws -> (ours: String, theirs: String) {
    let peer = Peers.program(example.replacing("-", with: "_") + ".py")
    let launch = ["--standalone", "--nproc-per-node", "\(ranks)"]
    let arguments = arguments(example) + more
    func saving(_ name: String) -> [String] { save ? ["--save", folder.file(name)] : [] }
    return (
      try await Peers.output(
        ChildProcess.product("lockstep"),
        ["run"] + launch + [ChildProcess.product(example)] + arguments + saving("ours.pt")),
      try await Peers.output(
        Peers.torchrun, launch + [peer] + arguments + saving("theirs.pt"))
    )
  }

  private func losses(_ output: String) -> [Double] {
    output.matches(of: /step \d+  loss (\S+)/).compactMap { Double($0.1) }
  }

  @Test(arguments: ["char-gpt", "resnet", "gru-regression"], [1, 2])
  func tenLossesEqualPyTorchs(example: String, ranks: Int) async throws {
    let (ours, theirs) = try await run(example, ranks: ranks)
    let wanted = losses(theirs).prefix(10)
    try #require(wanted.count == 10, "\(theirs)")
    try #require(losses(ours).count == losses(theirs).count)
    let largest = zip(losses(ours), wanted).map { abs($0 - $1) / $1 }.max() ?? .infinity
    print("\(example) on \(ranks) ranks: largest relative difference of 10 losses \(largest)")
    #expect(largest <= 1e-5, "\(losses(ours)) \(wanted)")
  }

  /// At a learning rate of 0 the saved parameters are the initial ones.
  @Test(arguments: ["char-gpt", "resnet", "gru-regression"])
  func initialWeightsEqualPyTorchsBitForBit(example: String) async throws {
    _ = try await run(example, ranks: 1, ["--learning-rate", "0"], save: true)
    func weights(_ name: String) throws -> StateDict {
      try PyTorchFile.readStateDict(path: folder.file(name))
    }
    let ours = try weights("ours.pt")
    let theirs = try weights("theirs.pt")
    #expect(ours.keys.sorted() == theirs.keys.sorted())
    // Training changes the running statistics of batch normalization.
    let initial = theirs.filter { !$0.key.contains(".running_") }
    #expect(initial.count >= 6)
    for (name, tensor) in initial {
      let mine = try #require(ours[name])
      #expect(["": mine].fingerprint == ["": tensor].fingerprint, "\(name)")
    }
  }
}
