import ProcessHarness
import Testing
import Torch

/// Compares the toy programs with the same job in Python, from the same seed.
@Suite(.enabled(if: Peers.areAvailable, Peers.missing), .serialized) struct ToyPeerTests {
  @Test(arguments: [1, 2, 3])
  func weightsEqualPyTorchsBitForBit(ranks: Int) async throws {
    let folder = try TestFolder()
    _ = try await Peers.output(
      Peers.torchrun,
      [
        "--standalone", "--nproc-per-node", "\(ranks)", Peers.program("toy_job.py"),
        "--total-epochs", "5", "--output", folder.file("theirs.pt"),
      ])
    let wanted = try PyTorchFile.readStateDict(path: folder.file("theirs.pt"))

    var programs = [["toy-ddp", "--nproc", "\(ranks)"]]
    if ranks == 1 { programs.append(["toy-single"]) }
    for program in programs {
      let arguments = program.dropFirst() + ["--total-epochs", "5", "--save-every", "4"]
      // With three ranks the order of additions matters; Gloo's differs from that of shared memory.
      let job = try ChildProcess.inOwnFolder(
        program[0], Array(arguments), environment: ["LOCKSTEP_BACKEND": "gloo"])
      #expect(try await job.result().code == 0)
      let ours = try PyTorchFile.readStateDict(path: job.folder.file("checkpoint.pt"))
      #expect(ours.keys.sorted() == ["bias", "weight"])
      #expect(ours.fingerprint == wanted.fingerprint, "\(program)")
    }
  }
}
