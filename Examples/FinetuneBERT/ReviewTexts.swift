import Foundation
import Lockstep

/// The texts of both halves of the data set, which have the same classes.
struct ReviewTexts {
  var train: LabeledTexts
  /// `nil` if the job does not evaluate.
  var test: LabeledTexts?

  var classes: [String] { train.classes }

  /// Opens the files, without tokenizing them.
  init(_ options: Options) throws {
    if options.labelName.isEmpty {
      train = try LabeledTexts(
        at: options.data, split: "train", defaultClasses: ["neg", "pos"])
    } else {
      train = try LabeledTexts(at: options.data, split: "train", classes: options.labelName)
    }
    guard train.classes.count > 1 else {
      throw JobError(
        description: "the reviews in '\(options.data)' declare the single class "
          + "'\(train.classes[0])'; a classifier needs at least two")
    }
    if options.evalSamples != 0 {
      test = try LabeledTexts(at: options.data, split: "test", classes: train.classes)
    }
  }
}
