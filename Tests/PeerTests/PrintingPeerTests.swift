import Foundation
import ProcessHarness
import Testing
import Torch

@Suite(.enabled(if: Peers.areAvailable, Peers.missing)) struct PrintingPeerTests {
  @Test func tensorsOfEveryShapeAndTypePrintAsInPyTorch() async throws {
    let folder = try TestFolder()
    _ = try await Peers.run("printing.py", [folder.path])
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.file("texts.json")))
    let texts = try JSONDecoder().decode([String].self, from: data)
    let tensors = try #require(
      try PyTorchFile.read(path: folder.file("tensors.pt")).elements?.compactMap(\.tensorValue))
    try #require(tensors.count == texts.count && texts.count > 5000)
    var different = 0
    for (tensor, text) in zip(tensors, texts) where tensor.description != text {
      different += 1
      if different <= 10 {
        Issue.record(
          "\(tensor.summary): \(tensor.description.prefix(300)) is not \(text.prefix(300))")
      }
    }
    print("printed tensors: \(texts.count); different from PyTorch: \(different)")
    #expect(different == 0)
  }
}
