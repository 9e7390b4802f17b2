import ArgumentParser
import Collectives
import Foundation
import TorchCollectives
import WorkerFailures

/// Fine-tunes BERT for sentiment classification on as many ranks as the launcher starts.
///
/// The program reads as the job does: `Options`, `Reviews` (data), `TrainingLoop` (by hand),
/// `Evaluation`, `Report` (what is printed and saved).
@main
struct FinetuneBERT: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finetune-bert",
    abstract: "Fine-tune BERT to tell good reviews from bad ones, on one or many ranks.",
    discussion: """
      Examples:
        one process:
          finetune-bert --model .data/all-MiniLM-L6-v2 --data .data/imdb --max-length 128
        two ranks on this machine:
          lockstep run --standalone --nproc-per-node 2 finetune-bert \\
            --model .data/all-MiniLM-L6-v2 --data .data/imdb --output sentiment
        a first try that takes a minute:
          … --train-samples 2000 --eval-samples 1000 --epochs 1 --max-length 128 \\
            --learning-rate 1e-4
      The folder given with --output is loaded by Hugging Face's
      AutoModelForSequenceClassification and AutoTokenizer, and by --model of this program.
      """)

  @OptionGroup var options: Options

  func run() {
    record {
      let environment = LaunchEnvironment.isLaunched ? try LaunchEnvironment() : nil
      let timeout = Duration.seconds(options.timeout)
      let group =
        if let environment {
          try GlooProcessGroup(environment, timeout: timeout)
        } else {
          try GlooProcessGroup(
            store: HashStore(), rank: 0, worldSize: 1, timeout: timeout, host: "127.0.0.1")
        }
      try Job(options, group, localRank: environment?.localRank ?? 0).run()
    }
  }
}
