/// A search for a point on a line at which the loss satisfies the strong Wolfe conditions: it fell
/// enough, and its slope became flat enough (Nocedal & Wright 2006, algorithms 3.5 and 3.6).
struct StrongWolfeSearch {
  typealias Evaluation = LBFGS.Evaluation

  /// A point on the line.
  private struct Point {
    var length: Double
    var value: Evaluation
    var slope: Double
  }

  /// The number of evaluations that the search made.
  private(set) var evaluations = 0
  private let direction: Tensor
  private let limit: Int
  private let sufficientDecrease = 1e-4
  private let curvature = 0.9
  private let toleranceChange = 1e-9

  init(direction: Tensor, limit: Int) {
    self.direction = direction
    self.limit = limit
  }

  /// Searches the line.
  ///
  /// - Parameters:
  ///   - initial: The first length to try.
  ///   - start: The loss and gradient at length 0.
  ///   - slope: The derivative of the loss along the line at length 0; negative.
  ///   - evaluate: Returns the loss and the gradient at a length.
  /// - Returns: The length that was found, with its loss and gradient.
  /// - Throws: The errors of `evaluate`.
  mutating func run(
    from initial: Double, _ start: Evaluation, _ slope: Double,
    _ evaluate: (Double) throws -> Evaluation
  ) throws -> (Double, Evaluation) {
    let origin = Point(
      length: 0, value: Evaluation(loss: start.loss, gradient: start.gradient.clone()), slope: slope
    )
    var iterations = 0
    var bracket: [Point] = []
    var isDone = false

    var previous = origin
    var current = try point(at: initial, evaluate)
    while iterations < limit {
      if isTooHigh(current, origin) || iterations > 1 && current.value.loss >= previous.value.loss {
        bracket = [previous, current]
        break
      }
      if isFlat(current, origin) {
        bracket = [current]
        isDone = true
        break
      }
      if current.slope >= 0 {
        bracket = [previous, current]
        break
      }
      let bounds = (
        current.length + 0.01 * (current.length - previous.length), current.length * 10
      )
      let next = interpolated(previous, current, bounds: bounds)
      previous = current
      current = try point(at: next, evaluate)
      iterations += 1
    }
    if bracket.isEmpty { bracket = [origin, current] }

    var (low, high) =
      bracket[0].value.loss <= bracket[bracket.count - 1].value.loss ? (0, 1) : (1, 0)
    var madeLittleProgress = false
    let size = direction.abs().max().item
    while !isDone, iterations < limit {
      if abs(bracket[1].length - bracket[0].length) * size < toleranceChange { break }
      let ends = (
        Swift.min(bracket[0].length, bracket[1].length),
        Swift.max(bracket[0].length, bracket[1].length)
      )
      var length = interpolated(bracket[0], bracket[1], bounds: ends)
      let margin = 0.1 * (ends.1 - ends.0)
      if Swift.min(ends.1 - length, length - ends.0) < margin {
        // A point near an end makes little progress: after two of them, move inwards.
        if madeLittleProgress || length >= ends.1 || length <= ends.0 {
          length =
            abs(length - ends.1) < abs(length - ends.0) ? ends.1 - margin : ends.0 + margin
          madeLittleProgress = false
        } else {
          madeLittleProgress = true
        }
      } else {
        madeLittleProgress = false
      }
      let trial = try point(at: length, evaluate)
      iterations += 1
      if isTooHigh(trial, origin) || trial.value.loss >= bracket[low].value.loss {
        bracket[high] = trial
        (low, high) = bracket[0].value.loss <= bracket[1].value.loss ? (0, 1) : (1, 0)
      } else {
        if isFlat(trial, origin) {
          isDone = true
        } else if trial.slope * (bracket[high].length - bracket[low].length) >= 0 {
          bracket[high] = bracket[low]
        }
        bracket[low] = trial
      }
    }
    return (bracket[low].length, bracket[low].value)
  }

  private mutating func point(at length: Double, _ evaluate: (Double) throws -> Evaluation) throws
    -> Point
  {
    let value = try evaluate(length)
    evaluations += 1
    return Point(length: length, value: value, slope: value.gradient.dot(direction).item)
  }

  /// Whether the loss did not fall enough.
  private func isTooHigh(_ point: Point, _ origin: Point) -> Bool {
    point.value.loss > origin.value.loss + sufficientDecrease * point.length * origin.slope
  }

  /// Whether the slope is flat enough.
  private func isFlat(_ point: Point, _ origin: Point) -> Bool {
    abs(point.slope) <= -curvature * origin.slope
  }

  /// The minimum of the cubic polynomial through two points with their slopes, within bounds.
  private func interpolated(
    _ first: Point, _ second: Point, bounds: (Double, Double)
  ) -> Double {
    let x1 = first.length
    let x2 = second.length
    let g1 = first.slope
    let g2 = second.slope
    let d1 = g1 + g2 - 3 * (first.value.loss - second.value.loss) / (x1 - x2)
    let square = d1 * d1 - g1 * g2
    guard square >= 0 else { return (bounds.0 + bounds.1) / 2 }
    let d2 = square.squareRoot()
    let minimum =
      x1 <= x2
      ? x2 - (x2 - x1) * ((g2 + d2 - d1) / (g2 - g1 + 2 * d2))
      : x1 - (x1 - x2) * ((g1 + d2 - d1) / (g1 - g2 + 2 * d2))
    return Swift.min(Swift.max(minimum, bounds.0), bounds.1)
  }
}
