import Foundation
import ProcessHarness
import Testing
import Torch
import Transformers

/// Fine-tuning a model whose classifier is for other classes.
@Suite struct ReinitializedHeadTests {
  /// A job whose model has a classifier for `labelCount` classes.
  private func job(labelCount: Int) throws -> TinyJob {
    let job = try TinyJob()
    let folder = job.folder.file("model")
    var configuration = try BertConfiguration(path: "\(folder)/config.json")
    configuration.labelCount = labelCount
    try BertForSequenceClassification(configuration).savePretrained(to: folder)
    return job
  }

  @Test(arguments: [1, 3, 4, 7, 20])
  func classifierForOtherClassesIsReplacedOnRequestOnly(labelCount: Int) async throws {
    let job = try job(labelCount: labelCount)
    let program = ChildProcess.product("finetune-bert")
    let arguments = job.arguments().filter { $0 != "--from-scratch" }
    let refused = try await ChildProcess.run(program, arguments)
    #expect(refused.code != 0)
    #expect(refused.errors.contains("number of classes, \(labelCount) instead of 2"))
    #expect(refused.errors.contains("--reinitialize-head"))

    let output = job.folder.file("trained")
    let result = try await ChildProcess.run(
      program, arguments + ["--reinitialize-head", "--output", output])
    #expect(result.code == 0, "\(result.errors)")
    let line = "the classifier is initialized randomly, because of --reinitialize-head"
    #expect(result.output.split(separator: "\n").filter { $0 == line }.count == 1)
    #expect(
      result.output.contains("newly initialized weights: classifier.bias, classifier.weight\n"))
    let (model, report) = try BertForSequenceClassification.pretrained(at: output)
    #expect(report.missingKeys == [])
    #expect(model.configuration.labelCount == 2)
  }
}
