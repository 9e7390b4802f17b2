import DataParallel
import Testing

@Suite struct ParameterUsageTests {
  private func usage(
    count: Int = 3, findsUnused: Bool = false, isStatic: Bool = false, skips: Bool = false
  ) -> ParameterUsage {
    var options = DistributedDataParallelOptions(
      findsUnusedParameters: findsUnused, staticGraph: isStatic)
    options.skipsUnusedBuckets = skips
    return ParameterUsage(count: count, options)
  }

  @Test func byDefaultEachGradientIsReadyWhenItArrives() {
    var usage = usage()
    usage.beginPass()
    #expect(usage.expectedUnused.isEmpty && !usage.isExchanged && usage.canRebuildBuckets)
    #expect(usage.gradientArrived(0) == .ready)
  }

  @Test func aSearchedPassExpectsWhatBackwardDoesNotReach() {
    var usage = usage(findsUnused: true)
    usage.beginPass()
    usage.expect([true, false, true])
    #expect(usage.expectedUnused == [1] && usage.expectedUsed == [true, false, true])
    #expect(usage.isExchanged && !usage.isExchangedEarly && !usage.canRebuildBuckets)
    // A pass inside noSync used it, so its gradient has to be averaged.
    usage.markUsed(1)
    #expect(usage.expectedUsed == [true, true, true])
    usage.reset()
    #expect(usage.isUsed == [false, false, false])
  }

  @Test func onlyParametersThatNoRankUsedAreSkipped() {
    var usage = usage(findsUnused: true, skips: true)
    usage.setGlobalUsage([true, false, true])
    #expect(usage.isExchangedEarly)
    #expect((0..<3).map(usage.isSkipped) == [false, true, false])
    #expect((0..<3).map(usage.isUsedByAnyRank) == [true, false, true])
  }

  /// The first pass counts gradients; later passes wait for the same number.
  @Test func aStaticGraphCountsGradientsInItsFirstPass() {
    var usage = usage(isStatic: true)
    usage.beginPass()
    #expect(usage.isFirstPassOfStaticGraph && usage.isExchanged)
    for parameter in [0, 0, 2] { #expect(usage.gradientArrived(parameter) == .pending) }
    usage.endPass()

    usage.beginPass()
    #expect(!usage.isFirstPassOfStaticGraph && !usage.isExchanged)
    #expect(usage.expectedUnused == [1])
    #expect(usage.gradientArrived(0) == .pending)
    #expect(usage.gradientArrived(0) == .ready)
    #expect(usage.gradientArrived(2) == .ready)
    #expect(usage.gradientArrived(2) == .graphChanged)
    #expect(!usage.canRebuildBuckets, "its order is not complete")
    usage.endPass()
    #expect(usage.canRebuildBuckets)
  }
}

@Suite struct PassFailureTests {
  private let names = (0..<12).map { "layer\($0).weight" }

  @Test func manyParametersAreShortened() {
    #expect(names.quoted([1, 2]) == "'layer1.weight', 'layer2.weight'")
    #expect(names.quoted([0, 1, 2], limit: 2) == "'layer0.weight', 'layer1.weight', …")
  }

  @Test func theRemedyDependsOnTheOptions() {
    let missing = PassFailure.missing([3])
    let dynamic = missing.message(names: names, staticGraph: false)
    #expect(dynamic.hasPrefix("1 of 12 parameters got no gradient in this backward pass: 'layer3"))
    #expect(dynamic.contains("set findsUnusedParameters") && !dynamic.contains("unset"))
    let isStatic = missing.message(names: names, staticGraph: true)
    #expect(isStatic.contains("unset staticGraph"))
  }
}
