import Elastic
import Testing

@Suite struct LineAssemblerTests {
  /// The lines of a text that arrives in chunks of `chunkSize` bytes.
  func lines(
    _ text: String, chunkSize: Int, _ mode: LineAssembler.CarriageReturn, limit: Int = 1000
  ) -> [String] {
    var assembler = LineAssembler(carriageReturn: mode, limit: limit)
    var lines: [String] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: chunkSize) {
      assembler.append(bytes[start..<min(start + chunkSize, bytes.count)]) { line, _ in
        lines.append(String(decoding: line, as: UTF8.self))
      }
    }
    assembler.finish { line, _ in lines.append(String(decoding: line, as: UTF8.self)) }
    return lines
  }

  @Test(arguments: [1, 2, 3, 5, 100], [LineAssembler.CarriageReturn.endsLine, .overwrites])
  func linesDoNotDependOnTheChunkSize(chunkSize: Int, mode: LineAssembler.CarriageReturn) {
    #expect(
      lines("one\n\ntwo lines\r\nthe é last", chunkSize: chunkSize, mode)
        == ["one", "", "two lines", "the é last"])
  }

  @Test(arguments: [1, 2, 3, 100])
  func inAFileEachProgressUpdateIsALine(chunkSize: Int) {
    let bar = "\r 10%\r 20%\r100%\nend\n"
    #expect(lines(bar, chunkSize: chunkSize, .endsLine) == [" 10%", " 20%", "100%", "end"])
  }

  @Test(arguments: [1, 2, 3, 100], ["\r 10%\r 20%\r100%\nend\n", " 10%\r 20%\r100%\r\nend\n"])
  func onATerminalTheLastProgressUpdateRemains(chunkSize: Int, bar: String) {
    #expect(lines(bar, chunkSize: chunkSize, .overwrites) == ["100%", "end"])
  }

  @Test(arguments: ["\r 10%\r 20%", " 10%\r 20%\r"])
  func theUnfinishedLineIsWhatATerminalWouldShow(text: String) {
    var assembler = LineAssembler(carriageReturn: .overwrites)
    assembler.append(Array("done\n\(text)".utf8)[...]) { _, _ in }
    #expect(String(decoding: assembler.unfinished, as: UTF8.self) == " 20%")
  }

  @Test func aLineBeyondTheLimitIsSplit() {
    let text = String(repeating: "x", count: 25) + "\nend"
    #expect(
      lines(text, chunkSize: 7, .endsLine, limit: 10)
        == ["xxxxxxxxxx", "xxxxxxxxxx", "xxxxx", "end"])
  }

  @Test func onlyALoneCarriageReturnMarksProgress() {
    var assembler = LineAssembler(carriageReturn: .endsLine)
    var marks: [Bool] = []
    assembler.append(Array("a\rb\r\nc\n".utf8)[...]) { _, isProgress in marks.append(isProgress) }
    #expect(marks == [true, false, false])
  }

  @Test func theTailKeepsTheLastLinesAndOneProgressUpdate() {
    var tail = LineTail(limit: 3, bytesPerLine: 4)
    for (line, isProgress) in [
      ("1", false), ("2", false), ("10%", true), ("20%", true), ("30%", true), ("error", false),
    ] {
      tail.append(Array(line.utf8)[...], isProgress: isProgress)
    }
    #expect(tail.lines == ["2", "30%", "erro…"])
  }
}
