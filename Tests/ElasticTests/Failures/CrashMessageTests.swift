import Elastic
import Testing

@Suite struct CrashMessageTests {
  @Test func aSwiftTrapIsReportedWithItsSourceLocation() {
    let unoptimised = [
      "Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range", "",
      "*** Signal 4: Backtracing from 0x7f2b... done ***", "",
      "*** Program crashed: Illegal instruction at 0x00007fc7e76ed545 ***", "",
      "  0               0x00007fc7e76ed545 _assertionFailure(_:_:file:line:flags:) + 253 "
        + "in libswiftCore.so",
      "  1 [ra] [system] 0x000055bd6f055800 specialized f() + 4 in train "
        + "at /<compiler-generated>:0:0",
      "  2 [ra]          0x000055bd6f0558b1 step(_:) + 48 in train "
        + "at /home/me/my train/main.swift:17:16",
      "  3 [ra]          0x000055bd6f055900 main + 4 in train at /home/me/my train/main.swift:30:1",
    ]
    #expect(
      CrashMessage(in: unoptimised)?.text
        == "Swift/ContiguousArrayBuffer.swift:692: Fatal error: Index out of range, at "
        + "/home/me/my train/main.swift:17")
    #expect(CrashMessage(in: ["loss 0.3"] + unoptimised)?.firstLine == 1)
    let optimised = [
      "*** Program crashed: Illegal instruction at 0x000055d6c6cb89ed ***",
      "0 [inlined] [system] 0x000055d6c6cb89ed Swift runtime failure: arithmetic overflow in train "
        + "at /<compiler-generated>",
      "1 [inlined]          0x000055d6c6cb89ed step(_:) in train at /home/me/main.swift:3:5",
    ]
    #expect(
      CrashMessage(in: optimised)?.text
        == "Swift runtime failure: arithmetic overflow, at /home/me/main.swift:3")
  }

  @Test(arguments: [
    (
      ["*** Program crashed: Bad pointer dereference at 0x0000000000000000 ***"],
      "Program crashed: Bad pointer dereference"
    ),
    (
      ["terminate called after throwing an instance of 'c10::Error'", "  what():  no kernel"],
      "what():  no kernel"
    ),
    (["Fatal Python error: Segmentation fault"], "Fatal Python error: Segmentation fault"),
  ])
  func messagesOfOtherRuntimesAreFound(lines: [String], message: String) {
    #expect(CrashMessage(in: lines)?.text == message)
  }

  /// The process prints this line before its connections close, so before peers report errors.
  @Test func theCrashStartsAtTheBacktraceLine() {
    let lines = [
      "loss 0.3", "*** Signal 4: Backtracing from 0x55d6c6cb89ed... done ***", "",
      "*** Program crashed: Illegal instruction at 0x000055d6c6cb89ed ***",
    ]
    #expect(CrashMessage(in: lines)?.firstLine == 1)
  }

  /// The Swift runtime ends this line when it has found the symbols, seconds later.
  @Test(arguments: [
    ("*** Signal 4: Backtracing from 0x7f5778b6df7f...", 4),
    ("*** Signal 11: Backtracing from 0x0...", 11),
    ("*** Signal 6: Backtracing from 0x55d6c6cb89ed", 6),
    ("*** Signal 3: Backtracing from 0x7f5778b6df7f...", nil),  // SIGQUIT, the process continues
    ("*** Signal 4: Back", nil), ("*** Signal x: Backtracing from 0x1", nil), ("*** ", nil),
    ("loss 0.3 *** Signal 4: Backtracing from 0x1", nil), ("", nil),
  ])
  func aBeginningBacktraceIsRecognized(line: String, signal: Int32?) {
    #expect(CrashMessage.signal(ofUnfinishedLine: line.utf8)?.number == signal)
  }

  @Test func ordinaryLinesContainNoCrashMessage() {
    #expect(CrashMessage(in: []) == nil)
    #expect(CrashMessage(in: ["a warning", "loss 0.3"]) == nil)
  }
}
