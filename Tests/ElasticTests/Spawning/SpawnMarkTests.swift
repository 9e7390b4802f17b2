import Elastic
import Testing

@Suite struct SpawnMarkTests {
  @Test func aMarkIsReadAsItWasWritten() {
    let mark = SpawnMark(parent: 4711, call: 2)
    #expect(mark.text == "4711:2")
    #expect(SpawnMark(mark.text) == mark)
  }

  @Test(arguments: ["", ":", "1", "1:", ":1", "1:2:3", "a:1", "1:b", "99999999999:1"])
  func otherTextIsNoMark(text: String) {
    #expect(SpawnMark(text) == nil)
  }
}
