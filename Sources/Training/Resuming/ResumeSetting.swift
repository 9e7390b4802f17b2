/// A setting that a snapshot's run and a resumed run are compared by, with the rule for a
/// difference.
///
/// This table is the only place that holds the rules. <doc:ResumingWithOtherOptions> documents it.
package enum ResumeSetting: String, CaseIterable {
  case data = "training data"
  case order = "order of the data"
  case optimizer
  case ranks
  case batchSize = "batch size per rank"
  case gradientAccumulation = "gradient accumulation"
  case length
  case schedule
  case learningRate = "learning rate"
  case weightDecay = "weight decay"
  case hyperparameters = "optimizer settings"
  case precision
  case scaler = "gradient scaler"
  case clipping = "gradient clipping"
  case other = "other settings"

  /// What to do if the values differ.
  enum Rule: Equatable {
    /// The run cannot continue from the snapshot.
    case refuse(remedy: String)
    /// Use the new value, and continue the schedule where a run with the new value would be after
    /// the same samples.
    case adapt(consequence: String)
    /// Use the new value from the next step on.
    case use(consequence: String)
  }

  var rule: Rule {
    switch self {
    case .data:
      .refuse(remedy: "resume with the same data, or start over in another folder")
    case .order:
      .refuse(remedy: "resume with the same seed, or start over in another folder")
    case .optimizer:
      .refuse(remedy: "resume with the same optimizer, or start over in another folder")
    case .ranks: .adapt(consequence: "the remaining samples are redistributed")
    case .batchSize: .adapt(consequence: "the remaining samples are processed in the new batches")
    case .gradientAccumulation: .adapt(consequence: "the new value applies from the next step on")
    case .length: .adapt(consequence: "training ends at the new length")
    case .schedule: .adapt(consequence: "the new schedule applies to what is left of the training")
    case .learningRate: .use(consequence: "the new rate applies, multiplied by the schedule")
    case .scaler:
      .use(consequence: "the new settings apply; a scale that was saved is retained")
    case .weightDecay, .hyperparameters, .precision, .clipping, .other:
      .use(consequence: "the new value applies from the next step on")
    }
  }
}
