/// What ``LoggingData`` reports about the passes so far.
package struct ReducerStatistics {
  /// The number of passes that averaged gradients; equal on all ranks.
  package private(set) var passCount = 0
  /// The order in which the last pass completed its gradients, as parameter indices.
  package private(set) var readyOrder: [Int] = []
  /// The parameters that the last pass did not use on this rank.
  package private(set) var unusedParameters: [Int] = []
  /// Whether all passes used the same parameters on this rank.
  package private(set) var isUsageConstant = true
  /// The number of gradients that were copied into a bucket.
  package private(set) var copiedGradientCount = 0

  package init() {}

  /// Records a pass that averaged gradients.
  package mutating func passEnded(readyOrder: [Int], unusedParameters: [Int]) {
    if passCount > 0, unusedParameters != self.unusedParameters { isUsageConstant = false }
    self.readyOrder = readyOrder
    self.unusedParameters = unusedParameters
    passCount += 1
  }

  /// Records that a gradient was copied into its bucket.
  package mutating func gradientCopied() { copiedGradientCount += 1 }

  /// Restarts the count of passes, because the ranks have changed.
  package mutating func groupChanged() { passCount = 0 }
}
