import Collectives
import DataParallel
import Synchronization
import Testing
import Torch

/// A collective that completes when the test says so.
private final class ManualWork: Work {
  private let completed = Mutex(false)
  var isCompleted: Bool { completed.withLock { $0 } }
  func complete() { completed.withLock { $0 = true } }
  func wait() throws(CollectiveError) { complete() }
}

@Suite struct BackwardPassTests {
  /// Two buckets of two parameters each.
  private let plan = BucketPlan(
    order: [0, 1, 2, 3],
    parameters: (0..<4).map { _ in .init(byteCount: 10, dtype: .float32, device: .cpu) },
    limits: [20])

  private func makePass(isMeasured: Bool = false) -> BackwardPass {
    BackwardPass(
      readiness: BucketReadiness(plan: plan), bucketCount: 2, divisor: 2,
      times: isMeasured ? StepTimes() : nil)
  }

  /// A reduction without a tensor: its result is not asked for.
  private func reduction(_ work: ManualWork) -> Reduction {
    Reduction([work]) { throw CollectiveError(.failed, "the test has no tensor") }
  }

  @Test func aNewPassHasNothingReadyAndNothingLaunched() {
    let pass = makePass(isMeasured: true)
    #expect(!pass.hasStarted && !pass.isComplete)
    #expect(pass.pendingParameters == [0, 1, 2, 3])
    #expect(pass.reductions.isEmpty && pass.nextUnfinished == nil)
    #expect(pass.times?.buckets.count == 2)
  }

  @Test func gradientsFillBucketsThatLaunchInOrder() {
    var pass = makePass()
    pass.start()
    #expect(pass.hasStarted)
    #expect(pass.markReady(3) == .launch(0..<0))
    #expect(pass.markReady(2) == .launch(0..<0))
    #expect(pass.markReady(0) == .launch(0..<0))
    #expect(pass.pendingParameters == [1] && !pass.isComplete)
    #expect(pass.markReady(1) == .launch(0..<2))
    #expect(pass.pendingParameters.isEmpty && pass.isComplete)
    #expect(pass.markReady(1) == .readyTwice)
  }

  /// Parameters that are known to be unused are ready, but have no gradient.
  @Test func theReadyOrderHoldsTheGradientsThatBackwardComputed() {
    var pass = makePass()
    _ = pass.markReady(2)
    for parameter in [3, 0, 1] {
      pass.appendToReadyOrder(parameter)
      _ = pass.markReady(parameter)
    }
    #expect(pass.readyOrder == [3, 0, 1])
  }

  @Test func reductionsFinishInTheOrderOfTheirLaunch() throws {
    var pass = makePass()
    let works = [ManualWork(), ManualWork()]
    for work in works {
      pass.willLaunch()
      pass.didLaunch(reduction(work))
    }
    works[1].complete()
    #expect(pass.nextUnfinished?.isCompleted == false, "the first, not the one that completed")
    works[0].complete()
    #expect(pass.nextUnfinished?.isCompleted == true)
    pass.nextFinished()
    #expect(pass.finishedCount == 1 && pass.unfinishedReductions.count == 1)
    pass.nextFinished()
    #expect(pass.nextUnfinished == nil && pass.unfinishedReductions.isEmpty)
  }

  @Test func timesFollowTheEvents() {
    var pass = makePass(isMeasured: true)
    let works = [ManualWork(), ManualWork()]
    pass.start(at: 10)
    for (time, parameter) in [(20, 0), (30, 1)] {
      _ = pass.markReady(parameter)
      pass.gradientStored(parameter, at: time)
    }
    pass.willLaunch(at: 31)
    pass.didLaunch(reduction(works[0]))
    pass.recordCompletions(at: 35)
    for (time, parameter) in [(40, 2), (50, 3)] {
      _ = pass.markReady(parameter)
      pass.gradientStored(parameter, at: time)
    }
    pass.willLaunch(at: 51)
    pass.didLaunch(reduction(works[1]))
    works[0].complete()
    pass.recordCompletions(at: 55)
    pass.recordCompletions(at: 58)
    pass.computationEnded(at: 60)
    for time in [70, 80] {
      pass.nextCompleted(at: time)
      pass.nextFinished()
    }
    let times = pass.end(at: 90)
    #expect(times?.firstGradient == 10 && times?.computeEnd == 60 && times?.end == 90)
    #expect(times?.buckets.map(\.ready) == [30, 50])
    #expect(times?.buckets.map(\.started) == [31, 51])
    #expect(times?.buckets.map(\.done) == [55, 80])
  }

  @Test func stepsThatAreNotMeasuredDoNotReadTheClock() {
    func clock() -> Int {
      Issue.record("read the clock")
      return 0
    }
    var pass = makePass()
    pass.start(at: clock())
    for parameter in 0..<4 {
      _ = pass.markReady(parameter)
      pass.gradientStored(parameter, at: clock())
    }
    pass.willLaunch(at: clock())
    pass.didLaunch(reduction(ManualWork()))
    pass.recordCompletions(at: clock())
    pass.nextCompleted(at: clock())
    pass.nextFinished()
    pass.computationEnded(at: clock())
    #expect(pass.end(at: clock()) == nil)
    pass = makePass(isMeasured: true)
    pass.discardTimes()
    #expect(pass.end(at: clock()) == nil)
  }
}

@Suite struct ReducerStatisticsTests {
  @Test func usageIsConstantUntilAPassLeavesOutOtherParameters() {
    var statistics = ReducerStatistics()
    statistics.passEnded(readyOrder: [1, 0], unusedParameters: [2])
    #expect(statistics.isUsageConstant, "the first pass has nothing to differ from")
    statistics.passEnded(readyOrder: [0, 1], unusedParameters: [2])
    #expect(statistics.isUsageConstant && statistics.passCount == 2)
    #expect(statistics.readyOrder == [0, 1] && statistics.unusedParameters == [2])
    statistics.passEnded(readyOrder: [0, 1, 2], unusedParameters: [])
    #expect(!statistics.isUsageConstant)
  }

  @Test func anotherGroupRestartsTheCountOfPasses() {
    var statistics = ReducerStatistics()
    statistics.passEnded(readyOrder: [0], unusedParameters: [1])
    statistics.groupChanged()
    #expect(statistics.passCount == 0)
    statistics.passEnded(readyOrder: [1], unusedParameters: [0])
    #expect(statistics.passCount == 1 && statistics.isUsageConstant)
  }
}
