import Synchronization
import Testing
import Training

@Suite struct ProgressBarTests {
  private typealias Bar = ProgressBar<ManualClock>

  private final class Screen: Sendable {
    private let pieces = Mutex<[String]>([])
    var text: [String] { pieces.withLock { $0 } }

    func output(isTerminal: Bool, interval: Duration, width: Int = 60) -> ProgressOutput {
      ProgressOutput(isTerminal: isTerminal, interval: interval, width: { width }) { piece in
        self.pieces.withLock { $0.append(piece) }
      }
    }
  }

  private let state = ProgressState(
    label: "epoch 1/4", total: 2000, done: 900, elapsed: .milliseconds(14_444),
    fields: [.init("loss", 0.41206)])

  @Test func logLineShowsAllFields() {
    #expect(
      Bar.render(state)
        == "epoch 1/4  45%  900/2000  62.3 samples/s  0:14 elapsed, 0:17 left  loss 0.4121")
  }

  @Test func wideTerminalShowsABar() {
    #expect(
      Bar.render(state, width: 120)
        == "epoch 1/4  45% █████████████▌                  "
        + "900/2000  62.3 samples/s  0:14 elapsed, 0:17 left  loss 0.4121")
  }

  @Test(arguments: [
    (80, "epoch 1/4  45% ██████▊          900/2000  62.3 samples/s  0:17 left  loss 0.4121"),
    (70, "epoch 1/4  45%  900/2000  62.3 samples/s  0:17 left  loss 0.4121"),
    (60, "epoch 1/4  45%  900/2000  0:17 left  loss 0.4121"),
    (20, "epoch 1/4  45%  900/"), (0, ""),
  ])
  func narrowTerminalKeepsTheLossLongest(width: Int, expected: String) {
    #expect(Bar.render(state, width: width) == expected)
  }

  @Test(arguments: 0...140)
  func lineNeverExceedsTheWidth(width: Int) {
    for done in [0, 1, 77, 1000, 1999, 2000] {
      var state = state
      state.done = done
      #expect(Bar.render(state, width: width).count <= width)
    }
  }

  @Test(arguments: [
    (0, Duration.zero, "x   0%  0/10  0:00 elapsed"),
    (0, .seconds(3), "x   0%  0/10  0:03 elapsed"),
    (1, .zero, "x  10%  1/10  0:00 elapsed"),
    (5, .seconds(3700), "x  50%  5/10  0.0 samples/s  1:01:40 elapsed, 1:01:40 left"),
    (10, .seconds(20), "x 100%  10/10  0.5 samples/s  0:20 elapsed"),
    (12, .seconds(20), "x 100%  12/10  0.6 samples/s  0:20 elapsed"),
  ])
  func unknownValuesAreOmitted(done: Int, elapsed: Duration, expected: String) {
    let state = ProgressState(label: "x", total: 10, done: done, elapsed: elapsed)
    #expect(Bar.render(state) == expected)
  }

  @Test func emptyTaskIsComplete() {
    #expect(Bar.render(ProgressState(label: "x", total: 0)) == "x 100%  0/0  0:00 elapsed")
  }

  @Test(arguments: [
    (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (-1.5, 0, "-2"), (2.996, 2, "3.00"), (0.05, 1, "0.1"),
    (12.3456, 4, "12.3456"), (.nan, 2, "nan"), (.infinity, 2, "inf"), (1e30, 2, "1e+30"),
  ])
  func fieldsFormatDecimals(number: Double, decimals: Int, expected: String) {
    #expect(ProgressState.Field("f", number, decimals: decimals).value == expected)
  }

  @Test func terminalRedrawsAtMostOncePerInterval() {
    let clock = ManualClock()
    let screen = Screen()
    var bar = ProgressBar(
      "x", total: 100, output: screen.output(isTerminal: true, interval: .milliseconds(100)),
      clock: clock)
    for _ in 0..<100 {
      clock.advance(by: .milliseconds(10))
      bar.advance()
    }
    #expect(screen.text.count == 10)
    #expect(screen.text.allSatisfy { $0.hasPrefix("\rx ") && $0.hasSuffix("\u{1B}[K") })
    bar.finish()
    bar.finish()
    #expect(screen.text.count == 12)
    #expect(screen.text[10].contains("100/100"))
    #expect(screen.text[11] == "\n")
  }

  @Test func logReceivesOneLinePerInterval() {
    let clock = ManualClock()
    let screen = Screen()
    var bar = ProgressBar(
      "x", total: 100, output: screen.output(isTerminal: false, interval: .seconds(5)),
      clock: clock)
    for _ in 0..<100 {
      clock.advance(by: .milliseconds(120))
      bar.advance(fields: [.init("loss", 0.5, decimals: 1)])
    }
    bar.finish()
    #expect(
      screen.text == [
        "x  42%  42/100  8.3 samples/s  0:05 elapsed, 0:06 left  loss 0.5\n",
        "x  84%  84/100  8.3 samples/s  0:10 elapsed, 0:01 left  loss 0.5\n",
        "x 100%  100/100  8.3 samples/s  0:12 elapsed  loss 0.5\n",
      ])
  }

  @Test func callbackShowsNothingUntilItIsCalled() {
    let screen = Screen()
    let callback = ProgressBar.callback(
      "tokenizing", unit: "texts", output: screen.output(isTerminal: false, interval: .seconds(9)))
    #expect(screen.text.isEmpty)
    for done in [64, 128, 100, 200] { callback(done, 200) }
    #expect(screen.text.count == 1)
    #expect(screen.text.first?.hasPrefix("tokenizing 100%  200/200  ") == true, "\(screen.text)")
  }
}
