import Elastic
import Testing

@Suite struct StreamSelectionTests {
  @Test func aNumberAppliesToAllRanks() throws {
    let selection = try #require(StreamSelection("3"))
    #expect(selection.streams(localRank: 0) == [.output, .error])
    #expect(selection.streams(localRank: 99) == [.output, .error])
  }

  @Test func mapsAcceptRanksWithSeveralDigits() throws {
    let selection = try #require(StreamSelection("0:1,12:2"))
    #expect(selection.streams(localRank: 0) == .output)
    #expect(selection.streams(localRank: 12) == .error)
    #expect(selection.streams(localRank: 1) == [])
    #expect(selection.unknownRanks(workerCount: 4) == [12])
  }

  @Test(arguments: ["", "4", "-1", "x", "0:", ":1", "0:4", "0:1,", "0=1", "0:1:2", "-1:1"])
  func invalidSelectionsAreRejected(text: String) {
    #expect(StreamSelection(text) == nil)
  }

  @Test func prefixTemplatesSupportTorchrunsMacros() {
    let prefix = LinePrefix.filled(
      "<${role_name}/${rank}/${local_rank}/${other}> ", role: "trainer", rank: 5, localRank: 1)
    #expect(String(decoding: prefix, as: UTF8.self) == "<trainer/5/1/${other}> ")
  }
}
