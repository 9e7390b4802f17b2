import Elastic
import Testing

@Suite struct SpawnCallTests {
  @Test func parsingReversesFormatting() {
    let call = SpawnCall(parent: 4711, index: 2)
    #expect(call.text == "4711:2")
    #expect(SpawnCall(call.text) == call)
  }

  @Test(arguments: ["", ":", "1", "1:", ":1", "1:2:3", "a:1", "1:b", "99999999999:1"])
  func malformedTextIsRejected(text: String) {
    #expect(SpawnCall(text) == nil)
  }
}
